import type { Billing } from '../../src/billing/port.ts';
import type { Selection } from '../../src/store/runs.ts';
import type { Dependencies } from '../dependencies.ts';
import type { OpenedRun } from '../open-run.ts';

/** A side of a run while it is read: every attempt goes on from what the database knows of its jobs. */
export interface Reading {
  readonly deps: Dependencies;
  readonly billing: Billing;
  readonly opened: OpenedRun;
  readonly side: string;
  /** `[from, to)`, ISO instants; `from` null: from the beginning. */
  readonly span: { readonly from: string | null; readonly to: string };
  readonly selection: Selection;
  readonly beat: (details: unknown) => void;
  /** Aborts when the activity is cancelled. */
  readonly signal: AbortSignal;
}

/** What came of a side, in words. `absent`: Billing does not have it for these credentials. */
export interface Told {
  readonly note: string;
  readonly absent?: boolean;
}

/** Counts bytes into the heartbeat, as `loadFile` does. */
export function bytesInto({ side, beat }: Reading, object: string): (more: number) => void {
  let bytes = 0;
  return (more) => beat({ side, object, bytes: (bytes += more) });
}

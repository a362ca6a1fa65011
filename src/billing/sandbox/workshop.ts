import { setTimeout as sleep } from 'node:timers/promises';

import { type ResultFile } from './result-file.ts';

/** What the jobs of all interfaces share. */
export interface Workshop {
  /** Where results are written; it goes when the sandbox stops. */
  readonly folder: string;
  /** Milliseconds that a job takes at least. */
  readonly jobDelay: number;
  /** The clock, in milliseconds. */
  readonly now: () => number;
  /** Aborted when the sandbox stops. */
  readonly stopping: AbortSignal;
  /** What `/v1/file` and `/v1/files` know. */
  readonly files: Map<string, ResultFile>;
  /** Jobs that still write; the sandbox waits for them before it stops. */
  readonly running: Set<Promise<void>>;
  /** The most rows of a data query's result (wire.md 2.3). */
  readonly dataQueryRows: number;
}

/** Starts work that nobody waits for but the end of the sandbox; it must not throw. */
export function startWork({ running }: Workshop, work: () => Promise<void>): void {
  const ended = work().finally(() => running.delete(ended));
  running.add(ended);
}

/** Ends early, and quietly, when the sandbox stops. */
export async function pause(milliseconds: number, { stopping }: Workshop): Promise<void> {
  await sleep(Math.max(0, milliseconds), undefined, { signal: stopping }).catch(() => {});
}

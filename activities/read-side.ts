import { cancellationSignal } from '@temporalio/activity';

import { RevsyncError } from '../src/domain/errors.ts';
import { type SideKind, sideKind } from '../src/domain/sync/side.ts';
import { requireOpenRun, type RunScope, scopeOf } from '../src/store/runs.ts';
import { closeSide, openSide, openSides, rememberSideJob, sideJobs, sideMark } from '../src/store/sides.ts';
import type { Dependencies } from './dependencies.ts';
import { billingOf } from './export.ts';
import { whileHeartbeating } from './heartbeating.ts';
import type { OpenedRun } from './open-run.ts';
import { readCustomObject } from './sides/custom-object.ts';
import { readDeletes } from './sides/deletes.ts';
import { readKeys } from './sides/keys.ts';
import { readPrices } from './sides/prices.ts';
import type { Reading, Told } from './sides/reading.ts';

const READERS: Readonly<Record<SideKind, (reading: Reading) => Promise<Told>>> = {
  prices: readPrices,
  deletes: readDeletes,
  keys: readKeys,
  custom: readCustomObject,
};

const SECOND = 1000;

/** The same result would only be as useless again. What vanished may be back once access is. */
const USELESS = new Set([
  'KEYS_VANISHED',
  'DELETES_IMPLAUSIBLE',
  'RESULT_TOO_LARGE',
  'BILLING_FILE_GONE',
  'BILLING_FILE_BROKEN',
  'BILLING_FILE_UNREADABLE',
  'RECORD_COUNT_MISMATCH',
]);
const isUseless = (error: unknown): boolean => error instanceof RevsyncError && USELESS.has(error.code);

export interface SkippedSide {
  readonly run: string;
  readonly side: string;
  readonly reason: string;
  readonly by: string | null;
}

export function createReadSideActivities(deps: Dependencies) {
  const { db } = deps;

  return {
    /**
     * Reads one of the things that the export lacks (`Side`), however many jobs that takes: each attempt goes on
     * from the jobs that the database remembers, so that waiting costs no history. Answers in words what came.
     */
    async readSide(opened: OpenedRun, side: string): Promise<string> {
      const { run, entity, org, window } = opened;
      await requireOpenRun(db, run);
      const scope = await scopeOf(db, run);
      const from = await startOf(opened, side, scope);
      const { state, note, ...span } = await openSide(db, { run, entity, org, side, from, to: window.to });
      if (state !== 'open') return note;

      const billing = await billingOf(deps, entity);
      const reading = { deps, billing, opened, side, span, selection: scope.selection };
      const signal = cancellationSignal();
      const told = await whileHeartbeating((beat) =>
        READERS[sideKind(side)]({ ...reading, beat, signal }).catch(async (error: unknown) => {
          if (isUseless(error)) await forgetResults(run, side);
          throw error;
        }),
      );
      const { note: came, absent = false } = told;
      await closeSide(db, run, side, { state: absent ? 'absent' : 'done', note: came });
      return came;
    },

    /** Goes on without a side. Its mark stays, so a later run reads what was left out. */
    async skipSide({ run, side, reason, by }: SkippedSide): Promise<string> {
      const note = `skipped by ${by ?? 'an operator'}: ${reason}`;
      await closeSide(db, run, side, { state: 'skipped', note });
      return note;
    },

    /** Tells Billing that nobody waits for the queries any more. */
    async cancelSides({ entity, run }: { entity: string; run: string }): Promise<void> {
      const billing = await billingOf(deps, entity);
      for (const side of await openSides(db, run)) {
        for (const { job, rows } of await sideJobs(db, run, side)) {
          if (job === null || rows !== null) continue;
          await (side === 'keys' ? billing.cancelExport(job) : billing.cancelDataQuery(job));
        }
      }
    },
  };

  /** The next try asks Billing anew; what is loaded stays loaded. */
  async function forgetResults(run: string, side: string): Promise<void> {
    for (const { part } of await sideJobs(db, run, side)) {
      await rememberSideJob(db, run, side, part, { job: null, rows: null });
    }
  }

  /** A side has a mark of its own: it may have been skipped, or be new, where the export went on. */
  async function startOf(
    { entity, window }: OpenedRun,
    side: string,
    scope: RunScope,
  ): Promise<string | null> {
    if (!scope.movesMark) return window.from;
    const mark = await sideMark(db, entity, side);
    if (mark === null || window.from === null) return null;
    const { overlapSeconds } = await deps.windowPolicy();
    const overlapped = new Date(Date.parse(mark) - overlapSeconds * SECOND).toISOString();
    return overlapped < window.from ? overlapped : window.from;
  }
}
export type ReadSideActivities = ReturnType<typeof createReadSideActivities>;

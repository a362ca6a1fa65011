import { RevsyncError } from '../../src/domain/errors.ts';
import { forgetSideJob, rememberSideJob, type SideJob, sideJobs } from '../../src/store/sides.ts';
import { exportFailed } from '../export-failed.ts';
import { stillRunning } from '../export.ts';
import type { Reading } from './reading.ts';

/** Queries that one run has open at Billing; a tenant may have few. */
const AT_ONCE = 4;
/** Data Query gives no more rows over live data (wire.md 2.3), and does not say what it left out. */
export const LIMIT = 500_000;

/** A job whose query Billing could not run, and why. */
export interface FailedJob {
  readonly job: SideJob;
  readonly reason: string;
  /** Whether Billing does not have what was asked for, or keeps it from these credentials. */
  readonly absent: boolean;
}

/**
 * Asks for the side's queries, a few at a time, and looks after those that run. Answers once all have come
 * to an end: those that failed; the rows of the others are with their jobs. A job is remembered before
 * anybody waits for it, so that a retry asks for none twice.
 *
 * @throws RevsyncError `EXPORT_RUNNING` while some run
 */
export async function settleQueries(reading: Reading): Promise<FailedJob[]> {
  const { deps, billing, opened, side } = reading;
  const failed: FailedJob[] = [];
  let running = 0;
  for (const each of await sideJobs(deps.db, opened.run, side)) {
    const { part, query, job, rows } = each;
    if (rows !== null || running === AT_ONCE) continue;
    if (job === null) {
      const asked = await ask(reading, query);
      if (asked === null) return [{ job: each, reason: 'Data Query is not permitted', absent: true }];
      await rememberSideJob(deps.db, opened.run, side, part, { job: asked });
      running += 1;
      continue;
    }
    const status = await billing.dataQueryStatus(job);
    if (status.state === 'running') running += 1;
    if (status.state === 'failed') {
      failed.push({ job: each, reason: status.reason, absent: isAbsent(each, status.reason) });
    }
    if (status.state === 'completed') {
      await rememberSideJob(deps.db, opened.run, side, part, { rows: status.rows });
    }
  }
  if (running > 0) throw stillRunning(`Data Query for ${side}`);
  return failed;
}

/** Null where the credentials may not use Data Query at all: the run goes on without it (design 9 (11)). */
async function ask({ billing, side }: Reading, sql: string): Promise<string | null> {
  return billing.submitDataQuery({ sql, readDeleted: side === 'deletes' }).catch((error: unknown) => {
    if (error instanceof RevsyncError && error.code === 'BILLING_PERMISSION_MISSING') return null;
    throw error;
  });
}

/** Forgets the jobs, so that the next try asks for them again. */
export async function askAnew({ deps, opened, side }: Reading, failed: readonly FailedJob[]): Promise<never> {
  for (const { job } of failed) await forgetSideJob(deps.db, opened.run, side, job.part);
  const [first] = failed;
  throw exportFailed(first?.job.job ?? '', first?.reason ?? '');
}

/**
 * Refuses results that Data Query may have cut.
 *
 * @throws RevsyncError `RESULT_TOO_LARGE`
 */
export function requireWhole(jobs: readonly SideJob[]): void {
  const full = jobs.find(({ rows }) => Number(rows) >= LIMIT);
  if (full === undefined) return;
  throw new RevsyncError(`Data Query for ${full.object} (${full.part}) came to its limit of ${LIMIT} rows.`, {
    code: 'RESULT_TOO_LARGE',
    fate: 'fix-input',
    remedy: 'Rows may be missing, so none were taken. `skip` goes on without; report this.',
  });
}

/**
 * Whether a reason says that there is no such table for these credentials. Such words are believed at the
 * second time only, and only where they name the table: storage and columns can be missing, too.
 */
function isAbsent({ tries, query }: SideJob, reason: string): boolean {
  const table = / from (\w+)/.exec(query)?.[1] ?? '';
  const names = reason.toLowerCase().includes(table.toLowerCase()) && !/column/i.test(reason);
  return tries > 1 && names && /does not exist|not found|denied|not authori[sz]ed|permission/i.test(reason);
}

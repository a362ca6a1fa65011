import { forgetSideJob, rememberSideJob, type SideJob, sideJobs } from '../../src/store/sides.ts';
import { exportFailed, stillRunning } from '../export.ts';
import type { Reading } from './reading.ts';

/** Queries that one run has open at Billing; a tenant may have few. */
const AT_ONCE = 4;

/** A job whose query Billing could not run, and why. */
export interface FailedJob {
  readonly job: SideJob;
  readonly reason: string;
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
    const { part, query, job, rows, loaded } = each;
    if (rows !== null || loaded || running === AT_ONCE) continue;
    if (job === null) {
      const asked = await billing.submitDataQuery({ sql: query, readDeleted: side === 'deletes' });
      await rememberSideJob(deps.db, opened.run, side, part, { job: asked });
      running += 1;
      continue;
    }
    const status = await billing.dataQueryStatus(job);
    if (status.state === 'running') running += 1;
    if (status.state === 'failed') failed.push({ job: each, reason: status.reason });
    if (status.state === 'completed') {
      await rememberSideJob(deps.db, opened.run, side, part, { rows: status.rows });
    }
  }
  if (running > 0) throw stillRunning(`Data Query for ${side}`);
  return failed;
}

/** Forgets the job, so that the next try asks for it again. */
export async function askAnew({ deps, opened, side }: Reading, { job, reason }: FailedJob): Promise<never> {
  await forgetSideJob(deps.db, opened.run, side, job.part);
  throw exportFailed(job.job ?? '', reason);
}

/** A refusal that will not go away by asking again: the tenant has no such table, or hides it. */
export function saysAbsent(reason: string): boolean {
  return /does not exist|not found|cannot be resolved|unknown table|permission|access denied|not authorized/i.test(
    reason,
  );
}

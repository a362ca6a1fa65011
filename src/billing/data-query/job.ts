import { z } from 'zod';

import { RevsyncError } from '../../domain/errors.ts';
import type { DataQuery, DataQueryStatus } from '../port.ts';
import { fit, type Reply } from '../rest/reply.ts';
import type { Session } from '../rest/session.ts';

/** Everything else that is not `completed` has ended badly. */
const RUNNING = new Set(['submitted', 'accepted', 'in_progress']);
const UNKNOWN = 'Zuora Billing does not know the job (any more): it keeps them for 30 days';

const Digits = z.union([z.string().regex(/^\d+$/), z.number().int().nonnegative()]).transform(String);
const Text = z.string().nullish();

const Submitted = z.object({ data: z.object({ id: z.string().min(1) }) });
const Job = z.object({
  data: z.object({ queryStatus: z.string().min(1), errorMessage: Text, dataFile: Text }),
});
const Completed = z.object({ data: z.object({ outputRows: Digits }) });

/**
 * `POST /query/jobs` (wire.md 2.3): live data as CSV, packed with gzip. Answers the job's id. `readDeleted`
 * answers deleted rows *only*; a query that selects the column `deleted` gets both kinds, whatever it says.
 */
export async function submitDataQuery(
  session: Session,
  { sql, readDeleted = false }: DataQuery,
): Promise<string> {
  const request = {
    query: sql,
    outputFormat: 'CSV',
    compression: 'GZIP',
    output: { target: 'S3' },
    sourceData: 'LIVE',
    ...(readDeleted ? { readDeleted } : {}),
  };
  const { reply, body } = await session.json({
    method: 'POST',
    path: '/query/jobs',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return fit(Submitted, body, reply).data.id;
}

/** `GET /query/jobs/{id}`. Completed means that the rows of the result are counted. */
export async function dataQueryStatus(session: Session, jobId: string): Promise<DataQueryStatus> {
  const found = await readDataQueryJob(session, jobId);
  if (found === null) return { state: 'failed', reason: UNKNOWN };
  const { job, reply, body } = found;
  if (RUNNING.has(job.state)) return { state: 'running' };
  if (job.state === 'completed') {
    return { state: 'completed', rows: fit(Completed, body, reply).data.outputRows };
  }
  const said = job.errorMessage === '' ? '' : ` (${job.errorMessage})`;
  const reason = session.hide(`job ${job.state}${said}`).replace(/\s+/g, ' ').slice(0, 1000);
  return { state: 'failed', reason };
}

/** `DELETE /query/jobs/{id}`. A job that is over or gone needs no cancelling and is no error. */
export async function cancelDataQuery(session: Session, jobId: string): Promise<void> {
  try {
    await session.jsonOrNull({ method: 'DELETE', path: dataQueryPath(jobId) });
  } catch (error) {
    if (!(error instanceof RevsyncError && error.code === 'BILLING_REQUEST_REFUSED')) throw error;
  }
}

export interface DataQueryJob {
  /** In lower case. */
  readonly state: string;
  readonly errorMessage: string;
  /** Where the result lies, for whoever has the address: never to be shown. Null where there is none. */
  readonly address: string | null;
}

/** The job as Billing has it now, null when it has it no more. */
export async function readDataQueryJob(
  session: Session,
  jobId: string,
  signal?: AbortSignal,
): Promise<{ job: DataQueryJob; reply: Reply; body: unknown } | null> {
  const found = await session.jsonOrNull({ method: 'GET', path: dataQueryPath(jobId), signal });
  if (found === null) return null;
  const { queryStatus, errorMessage, dataFile } = fit(Job, found.body, found.reply).data;
  const job = {
    state: queryStatus.toLowerCase(),
    errorMessage: errorMessage ?? '',
    address: dataFile || null,
  };
  return { ...found, job };
}

export function dataQueryPath(jobId: string): string {
  return `/query/jobs/${encodeURIComponent(jobId)}`;
}

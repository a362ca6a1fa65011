import { z } from 'zod';

import { invariant, RevsyncError } from '../../domain/errors.ts';
import type { ExportQuery, ExportStatus } from '../port.ts';
import { fit } from '../rest/reply.ts';
import type { Session } from '../rest/session.ts';

const MAX_QUERIES = 50;
const MAX_NAME = 32;
/** Everything else that is not `completed` has ended badly: the sources name different states (fact 12). */
const RUNNING = new Set(['submitted', 'pending', 'executing', 'processing']);

const Digits = z.union([z.string().regex(/^\d+$/), z.number().int().nonnegative()]).transform(String);
const Flag = z.union([z.boolean(), z.enum(['true', 'false'])]).transform((flag) => String(flag) === 'true');
const Text = z.string().nullish();

const Submitted = z.object({ id: z.string().min(1) });
const Job = z.object({
  status: z.string().min(1),
  errorCode: z.union([z.string(), z.number()]).nullish(),
  message: Text,
  batches: z.array(z.object({ name: Text, status: Text, message: Text, fileId: Text })).default([]),
});
const CompletedBatch = z.object({ name: z.string().min(1), recordCount: Digits, full: Flag.default(false) });

/**
 * `POST /v1/batch-query/` without partner and project, thus stateless (wire.md 2.2). Answers the job's
 * id. Throws `BILLING_DELETES_UNSUPPORTED` when a query may not have its deleted column, besides what
 * every call throws.
 */
export async function submitExportJob(
  session: Session,
  job: { name: string; queries: readonly ExportQuery[]; format: 'gzip' | 'csv' },
): Promise<string> {
  invariant(job.queries.length > 0 && job.queries.length <= MAX_QUERIES, 'a job has 1 to 50 queries');
  const request = {
    format: job.format,
    version: '1.1',
    name: job.name.slice(0, MAX_NAME),
    encrypted: 'none',
    useQueryLabels: true,
    dateTimeUtc: true,
    queries: job.queries.map(({ name, query, deletedColumn }) => ({
      name,
      query,
      type: 'zoqlexport',
      ...(deletedColumn === undefined ? {} : { deleted: { column: deletedColumn, format: 'Boolean' } }),
    })),
  };
  const { reply, body } = await session.json({
    method: 'POST',
    path: '/v1/batch-query/',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return fit(Submitted, body, reply).id;
}

/** `GET /v1/batch-query/jobs/{id}`. Completed means that every query has its file and its row count. */
export async function exportJobStatus(session: Session, jobId: string): Promise<ExportStatus> {
  const { reply, body } = await session.json({ method: 'GET', path: pathOf(jobId) });
  const job = fit(Job, body, reply);
  const state = job.status.toLowerCase();
  if (RUNNING.has(state)) return { state: 'running' };

  const unfinished = job.batches.filter(
    ({ status, fileId }) => (status ?? state).toLowerCase() !== 'completed' || !fileId,
  );
  if (state !== 'completed' || unfinished.length > 0 || job.batches.length === 0) {
    return { state: 'failed', reason: session.hide(reasonOf(job, unfinished)) };
  }
  const files = fit(z.object({ batches: z.array(CompletedBatch) }), body, reply).batches;
  return {
    state: 'completed',
    files: files.map((file, index) => ({ ...file, fileId: job.batches[index]?.fileId ?? '' })),
  };
}

/** `DELETE /v1/batch-query/jobs/{id}`. A job that is over or gone needs no cancelling and is no error. */
export async function cancelExportJob(session: Session, jobId: string): Promise<void> {
  try {
    await session.jsonOrNull({ method: 'DELETE', path: pathOf(jobId) });
  } catch (error) {
    if (!(error instanceof RevsyncError && error.code === 'BILLING_REQUEST_REFUSED')) throw error;
  }
}

function pathOf(jobId: string): string {
  return `/v1/batch-query/jobs/${encodeURIComponent(jobId)}`;
}

/** One line: the job's own words, then each failed query's. */
function reasonOf(job: z.infer<typeof Job>, unfinished: z.infer<typeof Job>['batches']): string {
  const own = [job.errorCode, job.message].filter((part) => part != null && part !== '').join(' ');
  const batches = unfinished.map(({ name, status, fileId, message }) => {
    const missing = status?.toLowerCase() === 'completed' && !fileId ? 'completed without a file' : status;
    return `${name ?? 'query'}: ${message || missing || 'no state'}`;
  });
  const parts = [own, ...batches].filter((part) => part !== '');
  return `job ${job.status}${parts.length === 0 ? '' : ` (${parts.join('; ')})`}`
    .replace(/\s+/g, ' ')
    .slice(0, 1000);
}

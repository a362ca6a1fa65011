import { z } from 'zod';

import type { ExportStatus } from '../port.ts';
import { fit, type Reply } from '../rest/reply.ts';

/** Everything else that is not `completed` has ended badly: the sources name different states (fact 12). */
const RUNNING = new Set(['submitted', 'pending', 'executing', 'processing']);

const Text = z.string().nullish();
/** The SDK has the count as any number, so `12.0` is one; a fraction comes as the text it was written as. */
const Count = z
  .union([z.string().regex(/^\d+(\.0+)?$/), z.number().int().nonnegative()])
  .transform((count) => String(count).replace(/\.0+$/, ''));
const Flag = z.union([z.boolean(), z.enum(['true', 'false'])]).transform((flag) => String(flag) === 'true');
/** What a refused or ended job still has; nothing in it may keep us from telling why. */
const Job = z.object({
  status: z.string().min(1),
  errorCode: z.union([z.string(), z.number()]).nullish(),
  message: Text,
  partner: Text,
  project: Text,
  batches: z
    .array(
      z.object({ name: Text, status: Text, message: Text, fileId: Text, segments: z.unknown().optional() }),
    )
    .nullish()
    .transform((batches) => batches ?? []),
});
const Segments = z.array(z.string().min(1)).min(1);
const Completed = z.object({ name: z.string().min(1), recordCount: Count });

type Job = z.infer<typeof Job>;
type Batch = Job['batches'][number];

/**
 * What `GET /v1/batch-query/jobs/{id}` says of the job (wire.md 2.2). Completed means that every query has its file,
 * or its segments (fact 10), and its row count: the check sum of the load (fact 13), so a reply without it is
 * `BILLING_REPLY_UNEXPECTED`. So is a stateful one that does not say `full` (fact 3); a stateless
 * query is answered as it is asked, so nothing hangs on it there.
 */
export function statusOf(body: unknown, reply: Reply, hide: (text: string) => string): ExportStatus {
  const job = fit(Job, body, reply);
  const state = job.status.toLowerCase();
  if (RUNNING.has(state)) return { state: 'running' };

  const unfinished = job.batches.filter(
    (batch) => (batch.status ?? state).toLowerCase() !== 'completed' || fileIdsOf(batch).length === 0,
  );
  if (state !== 'completed' || unfinished.length > 0 || job.batches.length === 0) {
    return { state: 'failed', reason: hide(reasonOf(job, unfinished)) };
  }
  const full = job.partner && job.project ? Flag : Flag.default(false);
  const { batches } = fit(z.object({ batches: z.array(Completed.extend({ full })) }), body, reply);
  const files = batches.map((file, index) => ({ ...file, fileIds: fileIdsOf(job.batches[index]) }));
  return { state: 'completed', files };
}

/** `segments` stands in for `fileId` where file segmentation is on. */
function fileIdsOf(batch: Batch | undefined): readonly string[] {
  const segments = Segments.safeParse(batch?.segments);
  if (segments.success) return segments.data;
  return batch?.fileId ? [batch.fileId] : [];
}

/** One line: the job's own words, then each failed query's. */
function reasonOf(job: Job, unfinished: readonly Batch[]): string {
  const own = [job.errorCode, job.message].filter((part) => part != null && part !== '').join(' ');
  const batches = unfinished.map((batch) => {
    const { name, status, message } = batch;
    const lacksFile = status?.toLowerCase() === 'completed' && fileIdsOf(batch).length === 0;
    return `${name ?? 'query'}: ${message || (lacksFile && 'completed without a file') || status || 'no state'}`;
  });
  const parts = [own, ...batches].filter((part) => part !== '');
  return `job ${job.status}${parts.length === 0 ? '' : ` (${parts.join('; ')})`}`
    .replace(/\s+/g, ' ')
    .slice(0, 1000);
}

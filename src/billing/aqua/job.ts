import { z } from 'zod';

import { RevsyncError } from '../../domain/errors.ts';
import type { ExportJob, ExportStatus } from '../port.ts';
import { refusalOfBody } from '../rest/refusal-body.ts';
import { refusalError, type Refusal } from '../rest/refusal.ts';
import { contextOf, fit, unexpected } from '../rest/reply.ts';
import type { Session } from '../rest/session.ts';
import { exportRequest, type ExportFormat } from './job-request.ts';
import { statusOf } from './job-status.ts';

const Submitted = z.object({ id: z.string().min(1) });
/** Billing repeats the time it understood, in milliseconds since 1970. */
const Understood = z.object({ incrementalTime: z.number() });
const Told = z.object({ batches: z.array(z.object({ status: z.string() })) });

/**
 * `POST /v1/batch-query/` (wire.md 2.2): stateless, or stateful where the job says so. Answers the job's id. Throws
 * `BILLING_DELETES_UNSUPPORTED` when a query may not have its deleted column, and what `incrementalTime` throws,
 * besides what every call throws. What it throws over leaves no job behind.
 */
export async function submitExportJob(
  session: Session,
  { format, ...job }: ExportJob & { readonly format: ExportFormat },
): Promise<string> {
  const { reply, body } = await session.json({
    method: 'POST',
    path: '/v1/batch-query/',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(exportRequest(job, format, session.host)),
  });
  const { id } = fit(Submitted, body, reply);

  const refusal = refusalOf(body);
  if (refusal !== null) {
    await giveUpJob(session, id);
    const message = session.hide(refusal.message ?? '').slice(0, 300);
    throw refusalError({ ...refusal, message }, reply.call, contextOf(reply));
  }
  const understood = Understood.safeParse(body).data?.incrementalTime;
  const since = job.stateful?.since ?? null;
  if (understood !== undefined && since !== null && understood > Date.parse(since)) {
    await giveUpJob(session, id);
    throw unexpected(reply, 'has a later incrementalTime than was asked for', 'fix-input', ZONE);
  }
  return id;
}
const ZONE =
  'Run stateless, which is the default: the data centre takes stateful exports in an unexpected time zone.';

/** `GET /v1/batch-query/jobs/{id}`: see `statusOf`. A job that Billing does not know has failed. */
export async function exportJobStatus(session: Session, jobId: string): Promise<ExportStatus> {
  try {
    const { reply, body } = await session.json({ method: 'GET', path: pathOf(jobId) });
    return statusOf(body, reply, session.hide);
  } catch (error) {
    if (!(error instanceof RevsyncError && error.code === 'BILLING_REQUEST_REFUSED')) throw error;
    return { state: 'failed', reason: error.message };
  }
}

/** `DELETE /v1/batch-query/jobs/{id}`. A job that is over or gone needs no cancelling and is no error. */
export async function cancelExportJob(session: Session, jobId: string): Promise<void> {
  try {
    await session.jsonOrNull({ method: 'DELETE', path: pathOf(jobId) });
  } catch (error) {
    if (!(error instanceof RevsyncError && error.code === 'BILLING_REQUEST_REFUSED')) throw error;
  }
}

/** Cancels a job that nobody will ask for. Tries twice: what is left then is read by nobody and ends by itself. */
export async function giveUpJob(session: Session, jobId: string): Promise<void> {
  const cancel = () => cancelExportJob(session, jobId);
  await cancel()
    .catch(cancel)
    .catch(() => {});
}

function pathOf(jobId: string): string {
  return `/v1/batch-query/jobs/${encodeURIComponent(jobId)}`;
}

/**
 * A submission can be accepted and still say no: with an `errorCode` (90018 ignores the queries of objects without
 * permission) or by the state of a query that may not have its deleted column.
 */
function refusalOf(body: unknown): Refusal | null {
  const batches = Told.safeParse(body).data?.batches ?? [];
  const untold = batches.some(({ status }) => status.toLowerCase() === 'deleted_notallowed');
  return (
    refusalOfBody(body) ?? (untold ? { kind: 'deletes-unsupported', message: 'deleted_notallowed' } : null)
  );
}

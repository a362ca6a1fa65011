import type { Readable } from 'node:stream';

import { RevsyncError } from '../../domain/errors.ts';
import type { Call } from '../rest/call.ts';
import { brokenConnection } from '../rest/connection-error.ts';
import { plainBytes } from '../rest/plain-bytes.ts';
import { refusalError } from '../rest/refusal.ts';
import { relay } from '../rest/relay.ts';
import { contextOf, unexpected } from '../rest/reply.ts';
import { retryAfterOf } from '../rest/retry-after.ts';
import type { Session } from '../rest/session.ts';
import type { OpenReply } from '../rest/wire.ts';
import { dataQueryPath, readDataQueryJob } from './job.ts';

/** Addresses end after minutes or hours; storage says so with one of these. */
const GONE = new Set([400, 403, 404, 410]);

/**
 * The result of a completed data query (wire.md 2.3) as its CSV in bytes, unpacked, never held whole: the job
 * is asked for a fresh address, which is then read without the token. Reads only as fast as the caller
 * does, and ends as `openExportFile` does. Throws `BILLING_FILE_GONE` when there is nothing to be had (any more).
 */
export async function openDataQueryFile(
  session: Session,
  jobId: string,
  signal?: AbortSignal,
): Promise<Readable> {
  signal?.throwIfAborted();
  // The address is a secret: errors name this path instead.
  const path = `${dataQueryPath(jobId)} dataFile`;
  const headers = { accept: '*/*', 'accept-encoding': 'identity' };
  const call: Call = { method: 'GET', path, headers, signal };

  const found = await readDataQueryJob(session, jobId, signal);
  const address = found?.job.address ?? null;
  if (address === null) throw gone({ path, state: found?.job.state ?? 'unknown' });

  const open = await session.download(address, call);
  if (open.status !== 200) {
    open.body.destroy();
    throw refusedByStorage(open);
  }
  const broken = (error: unknown) => brokenConnection(error, { host: new URL(address).host, call });
  try {
    return relay(await plainBytes(open.body), broken);
  } catch (error) {
    open.body.destroy();
    throw broken(error);
  }
}

/** What the storage says is not Zuora's and may repeat the address: only the status counts. */
function refusedByStorage(open: OpenReply): Error {
  if (GONE.has(open.status)) return gone(contextOf(open));
  if (open.status >= 500 || [408, 429].includes(open.status)) {
    const retryAfter = retryAfterOf('busy', open.headers);
    return refusalError({ kind: 'busy', retryAfter }, open.call, contextOf(open));
  }
  return unexpected(open, `has status ${open.status}`, 'bug');
}

function gone(context: Readonly<Record<string, string | number>>): RevsyncError {
  return new RevsyncError('The result of the data query is not at Zuora Billing (any more)', {
    code: 'BILLING_FILE_GONE',
    fate: 'retry',
    remedy: 'Submit the query again: Zuora keeps its jobs for 30 days, and the address of a result for less.',
    context,
  });
}

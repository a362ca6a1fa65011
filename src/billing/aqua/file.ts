import type { Readable } from 'node:stream';

import { RevsyncError } from '../../domain/errors.ts';
import type { Call } from '../rest/call.ts';
import { brokenConnection } from '../rest/connection-error.ts';
import { failureOf, isNotFound } from '../rest/failure.ts';
import { plainBytes } from '../rest/plain-bytes.ts';
import { relay } from '../rest/relay.ts';
import { contextOf, jsonOf, readReply, unexpected, type Reply } from '../rest/reply.ts';
import type { Session } from '../rest/session.ts';

/**
 * `GET /v1/file/{id}` (wire.md 2.2): the CSV as bytes, unpacked, never held whole. Reads only as fast
 * as the caller does. The stream ends with `BILLING_UNREACHABLE` when the connection breaks, stalls
 * or the gzip or zip is cut short or damaged, and with the signal's reason when that aborts. Throws
 * `BILLING_FILE_GONE`, and `BILLING_FILE_TOO_LARGE`, which connectors have met as XML at HTTP 403.
 */
export async function openExportFile(
  session: Session,
  fileId: string,
  signal?: AbortSignal,
): Promise<Readable> {
  // The file is packed by its own format; packing the reply again would only cost time.
  const headers = { accept: '*/*', 'accept-encoding': 'identity' };
  const path = `/v1/file/${encodeURIComponent(fileId)}`;
  const call: Call = { method: 'GET', path, headers, signal };
  signal?.throwIfAborted();
  const answer = await session.open(call);
  if ('reply' in answer) throw refusedFile(session, answer.reply);

  const { open } = answer;
  // A refusal at HTTP 200 is JSON; no file is.
  if (/^application\/json\b/i.test(open.headers['content-type'] ?? '')) {
    throw refusedFile(session, await readReply(open, session.host));
  }
  const requestId = open.headers['zuora-request-id'];
  const broken = (error: unknown) => brokenConnection(error, { host: session.host, call, requestId });
  try {
    return relay(await plainBytes(open.body), broken);
  } catch (error) {
    open.body.destroy();
    throw broken(error);
  }
}

function refusedFile(session: Session, reply: Reply): Error {
  const body = jsonOf(reply);
  if (isNotFound(reply, body)) {
    return new RevsyncError('The file of the export is no longer at Zuora Billing', {
      code: 'BILLING_FILE_GONE',
      fate: 'retry',
      remedy: 'Submit the export again: Zuora keeps results for 72 hours.',
      context: contextOf(reply),
    });
  }
  if (reply.status === 403 && /max-object-size/i.test(reply.text)) {
    return new RevsyncError('The file of the export is larger than Zuora Billing hands out', {
      code: 'BILLING_FILE_TOO_LARGE',
      fate: 'fix-input',
      remedy:
        'Zuora gives no file above 2,047 MB: export packed (gzip is the default), or ask Zuora Support for AQuA file segmentation and run statefully.',
      context: contextOf(reply),
    });
  }
  return failureOf(reply, body, session.hide) ?? unexpected(reply, 'is JSON instead of a file', 'bug');
}

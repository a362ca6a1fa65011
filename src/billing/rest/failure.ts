import { z } from 'zod';

import type { RevsyncError } from '../../domain/errors.ts';
import { isWebPage, refusalOfMarkup, titleOf } from './markup.ts';
import { refusalError, type Refusal } from './refusal.ts';
import { refusalOfBody } from './refusal-body.ts';
import { contextOf, NOT_THE_API, tracesOf, unexpected, type Reply } from './reply.ts';
import { retryAfterOf } from './retry-after.ts';
import { isExactCode, isNotFoundCode, refusalOfStatus } from './zuora-code.ts';

/**
 * The truth about success: the one error that a reply amounts to, or null. HTTP 200 proves nothing,
 * and a body's code is more exact than the status. `hide` takes secrets out of Zuora's words. Where
 * `expects` is `any`, XML at 200 is data, which may be about errors.
 */
export function failureOf(
  reply: Reply,
  body: unknown,
  hide: (text: string) => string,
  expects: 'json' | 'any' = 'any',
): RevsyncError | null {
  const byStatus = refusalOfStatus(reply.status);
  const xmlIsData = expects === 'any' && byStatus === null;
  const byBody = isAcceptedJob(body) || (body === null && xmlIsData) ? null : refusalOf(reply, body);
  if (byBody === null && byStatus === null) {
    return reply.status < 300
      ? null
      : unexpected(reply, `has status ${reply.status}`, 'fix-input', REDIRECTED);
  }
  if (body === null && isWebPage(reply) && !MEANT_ANYWAY.test(String(reply.status))) {
    const title = hide(titleOf(reply.text));
    const what = `is a web page with status ${reply.status}${title === '' ? '' : ` (${title})`}`;
    return unexpected(reply, what, 'fix-input', NOT_THE_API);
  }
  const message = hide(byBody?.message ?? messageOf(body)).slice(0, 300);
  const zuoraCode = byBody?.zuoraCode === undefined ? undefined : hide(byBody.zuoraCode);
  const decisive = (statusDecides(reply.status, byBody) ? byStatus : byBody) ?? byStatus;
  const { kind, retryAfter, remedy } = { kind: 'refused' as const, ...byBody, ...decisive };
  const wait = retryAfterOf(kind, reply.headers) ?? retryAfter;
  const refusal: Refusal = { kind, remedy, zuoraCode, message, retryAfter: wait };
  return refusalError(refusal, reply.call, { ...tracesOf(body), ...contextOf(reply) });
}
const REDIRECTED = 'Check ZUORA_BASE_URL: the REST endpoint of a tenant does not redirect.';
/** What a proxy says by these is true of Zuora too: nothing there, too much, not now. */
const MEANT_ANYWAY = /^(404|408|429|5\d\d)$/;

/** Whether the reply says that the thing does not exist. */
export function isNotFound(reply: Reply, body: unknown): boolean {
  return reply.status === 404 || isNotFoundCode(refusalOf(reply, body)?.zuoraCode ?? '');
}

/** Whether the reply says that the token is no good, by status or by code. */
export function isSignInNeeded(reply: Reply, body: unknown): boolean {
  return reply.status === 401 || refusalOf(reply, body)?.kind === 'credentials';
}

/** Whether the reply says that the user may not do this, by status or by code. */
export function isPermissionMissing(reply: Reply, body: unknown): boolean {
  return reply.status === 403 || refusalOf(reply, body)?.kind === 'permission';
}

/** Whether the reply says that there are too many calls, by status or by code. */
export function isRateLimited(reply: Reply, body: unknown): boolean {
  return reply.status === 429 || refusalOf(reply, body)?.kind === 'rate-limited';
}

function refusalOf(reply: Reply, body: unknown): Refusal | null {
  return body === null ? refusalOfMarkup(reply.text) : refusalOfBody(body);
}

/** 401, 403 and 429 mean one thing only; a server error is one unless a code of Zuora's says more. */
function statusDecides(status: number, byBody: Refusal | null): boolean {
  if ([401, 403, 429].includes(status)) return true;
  return status >= 500 && !isExactCode(byBody?.zuoraCode ?? '');
}

/** A job that was accepted and failed later carries an `errorCode` too; job.ts tells what became of it. */
function isAcceptedJob(body: unknown): boolean {
  return z.object({ id: z.string().min(1), batches: z.array(z.unknown()).min(1) }).safeParse(body).success;
}

function messageOf(body: unknown): string {
  const parsed = z
    .union([
      z.object({ message: z.string() }).transform(({ message }) => message),
      z.object({ Message: z.string() }).transform(({ Message }) => Message),
    ])
    .safeParse(body);
  return parsed.success ? parsed.data : '';
}

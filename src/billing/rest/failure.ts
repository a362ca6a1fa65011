import { z } from 'zod';

import type { RevsyncError } from '../../domain/errors.ts';
import { refusalError, type Refusal } from './refusal.ts';
import { contextOf, unexpected, type Reply } from './reply.ts';
import { retryAfterOf } from './retry-after.ts';
import { isNotFoundCode, isSignInCode, refusalOfAqua, refusalOfCategory } from './zuora-code.ts';

const Code = z.union([z.string().min(1), z.number()]).transform(String);
const Text = z.string().nullish();

/** The ways in which a JSON body says no (wire.md 2.6). The first that fits is meant. */
const FAMILIES: readonly ((body: unknown) => Refusal | null)[] = [
  family(
    z.object({ success: z.literal(false), reasons: z.array(z.object({ code: Code, message: Text })).min(1) }),
    ({ reasons }) => said(reasons[0]?.code, reasons[0]?.message, refusalOfCategory),
  ),
  family(z.object({ errorCode: Code, message: Text }), ({ errorCode, message }) =>
    said(errorCode, message, refusalOfAqua),
  ),
  family(
    z.object({ Success: z.literal(false), Errors: z.array(z.object({ Code, Message: Text })).min(1) }),
    ({ Errors }) => said(Errors[0]?.Code, Errors[0]?.Message, refusalOfFault),
  ),
  family(z.object({ FaultCode: Code, FaultMessage: Text }), ({ FaultCode, FaultMessage }) =>
    said(FaultCode, FaultMessage, refusalOfFault),
  ),
  family(
    z.strictObject({ code: Code, message: z.string(), requestId: Text, processId: Text }),
    ({ code, message }) => said(code, message, refusalOfCategory),
  ),
  family(
    z.union([z.object({ success: z.literal(false) }), z.object({ Success: z.literal(false) })]),
    (): Refusal => ({ kind: 'refused' }),
  ),
];

/** What the body says, whatever the status is; null when it says nothing of the kind. */
export function refusalOfBody(body: unknown): Refusal | null {
  for (const read of FAMILIES) {
    const refusal = read(body);
    if (refusal !== null) return refusal;
  }
  return null;
}

/**
 * The truth about success: the one error that a reply amounts to, or null. HTTP 200 proves nothing,
 * and a body's code is more exact than the status. `hide` takes secrets out of Zuora's words.
 */
export function failureOf(reply: Reply, body: unknown, hide: (text: string) => string): RevsyncError | null {
  const byStatus = refusalOfStatus(reply.status);
  const byBody = isAcceptedJob(body) ? null : refusalOfBody(body);
  if (byBody === null && byStatus === null) {
    return reply.status < 300
      ? null
      : unexpected(reply, `has status ${reply.status}`, 'fix-input', REDIRECTED);
  }
  const message = hide(byBody?.message ?? messageOf(body)).slice(0, 300);
  const decisive = statusDecides(reply.status, byBody) ? byStatus : (byBody ?? byStatus);
  const refusal = { ...byBody, ...decisive, message } as Refusal;
  const retryAfter = retryAfterOf(refusal.kind, reply.headers) ?? refusal.retryAfter;
  return refusalError({ ...refusal, retryAfter }, reply.call, contextOf(reply));
}
const NO_SUCH_ADDRESS = 'Check ZUORA_BASE_URL, and the id in the path: nothing is at this address.';
const REDIRECTED = 'Check ZUORA_BASE_URL: the REST endpoint of a tenant does not redirect.';

/** Whether the reply says that the thing does not exist. */
export function isNotFound(reply: Reply, body: unknown): boolean {
  return reply.status === 404 || isNotFoundCode(refusalOfBody(body)?.zuoraCode ?? '');
}

/** Whether the reply says that the token is no good, by status or by code. */
export function isSignInNeeded(reply: Reply, body: unknown): boolean {
  return reply.status === 401 || isSignInCode(refusalOfBody(body)?.zuoraCode ?? '');
}

function refusalOfStatus(status: number): Refusal | null {
  if (status === 401) return { kind: 'credentials' };
  if (status === 404) return { kind: 'refused', remedy: NO_SUCH_ADDRESS };
  if (status === 403) return { kind: 'permission' };
  if (status === 429) return { kind: 'rate-limited' };
  if (status >= 500 || status === 408) return { kind: 'busy' };
  return status >= 400 ? { kind: 'refused' } : null;
}

/** 401, 403 and 429 mean one thing only; a server error is one unless a code of Zuora's says more. */
function statusDecides(status: number, byBody: Refusal | null): boolean {
  if ([401, 403, 429].includes(status)) return true;
  return status >= 500 && !/^(\d{8}|9\d{4})$/.test(byBody?.zuoraCode ?? '');
}

/** Names instead of numbers: actions and CRUD. */
function refusalOfFault(code: string): Refusal {
  const name = code.toUpperCase().replace(/^.*:/, '');
  if (['LOCK_COMPETITION', 'TEMPORARY_ERROR', 'SERVER_UNAVAILABLE'].includes(name)) return { kind: 'busy' };
  if (name === 'REQUEST_EXCEEDED_RATE') return { kind: 'rate-limited' };
  if (['NO_PERMISSION', 'API_DISABLED'].includes(name)) return { kind: 'permission' };
  if (['INVALID_SESSION', 'INVALID_SECURITY_TOKEN'].includes(name)) return { kind: 'credentials' };
  return { kind: 'refused' };
}

function said(
  code: string | undefined,
  message: string | null | undefined,
  judge: (code: string) => Refusal,
): Refusal {
  return { ...judge(code ?? ''), zuoraCode: code, message: message ?? undefined };
}

function family<T>(schema: z.ZodType<T>, read: (body: T) => Refusal): (body: unknown) => Refusal | null {
  return (body) => {
    const parsed = schema.safeParse(body);
    return parsed.success ? read(parsed.data) : null;
  };
}

/** A job that was accepted and failed later carries an `errorCode` too; job.ts tells what became of it. */
function isAcceptedJob(body: unknown): boolean {
  return z.object({ id: z.string().min(1), batches: z.array(z.unknown()).min(1) }).safeParse(body).success;
}

function messageOf(body: unknown): string {
  const parsed = z.object({ message: z.string() }).safeParse(body);
  return parsed.success ? parsed.data.message : '';
}

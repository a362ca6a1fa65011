import { z } from 'zod';

import { RevsyncError } from '../../domain/errors.ts';
import type { Call } from './call.ts';
import { brokenConnection } from './connection-error.ts';
import { parseExactJson } from './exact-json.ts';
import { isWebPage } from './markup.ts';
import { plainBytes } from './plain-bytes.ts';
import type { OpenReply } from './wire.ts';

/** A reply read to its end. Files never become one: they are streamed. */
export interface Reply {
  readonly call: Call;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** The longest reply that is not a file; `GET /settings/listing` of a big tenant stays under 2 MiB. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Reads the body, unpacked. Throws `BILLING_UNREACHABLE`, or `BILLING_REPLY_UNEXPECTED` when it never ends. */
export async function readReply(open: OpenReply, host: string): Promise<Reply> {
  const { call, status, headers } = open;
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of await plainBytes(open.body)) {
      parts.push(part);
      size += part.length;
      if (size > MAX_BYTES) throw unexpected(open, 'is longer than any reply of this kind', 'bug');
    }
  } catch (error) {
    open.body.destroy();
    throw brokenConnection(error, { host, call, requestId: headers['zuora-request-id'] });
  }
  return { call, status, headers, text: Buffer.concat(parts).toString('utf8') };
}

/** The body as JSON with exact numbers, or null when it is something else. */
export function jsonOf(reply: Reply): unknown {
  try {
    return parseExactJson(reply.text);
  } catch {
    return null;
  }
}

/** Holds the body against the contract. Unknown fields are ignored; the error names paths and keys, no values. */
export function fit<T>(schema: z.ZodType<T>, body: unknown, reply: Reply): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  if (body === null || typeof body !== 'object') {
    const what = reply.text.trim() === '' ? 'is empty' : isWebPage(reply) ? 'is a web page' : 'is not JSON';
    throw unexpected(reply, what, 'fix-input', NOT_THE_API);
  }
  const places = parsed.error.issues.slice(0, 5).map((issue) => issue.path.join('.') || 'body');
  throw unexpected(reply, `lacks or misuses ${places.join(', ')}`, 'bug', undefined, {
    places: places.join(','),
    keys: Object.keys(body).slice(0, 12).join(','),
  });
}

export const NOT_THE_API =
  'Check that ZUORA_BASE_URL is the REST endpoint of Zuora Billing, not of its user interface, and that no proxy or firewall answers in its place.';

export function unexpected(
  { call, status, headers }: Pick<Reply, 'call' | 'status' | 'headers'>,
  what: string,
  fate: 'bug' | 'fix-input',
  remedy = 'Report this with the Zuora-Request-Id: the API answers otherwise than its contract says.',
  more: Readonly<Record<string, string>> = {},
): RevsyncError {
  return new RevsyncError(`The reply of Zuora Billing to ${call.method} ${call.path} ${what}`, {
    code: 'BILLING_REPLY_UNEXPECTED',
    fate,
    remedy,
    context: { ...contextOf({ call, status, headers }), ...more },
  });
}

const Trace = z
  .string()
  .regex(/^[\w.:-]{1,64}$/)
  .optional()
  .catch(undefined);
const Traces = z.object({ processId: Trace, requestId: Trace });

/** What Zuora Support finds a call by, where the body names it; v1 calls it `processId`. */
export function tracesOf(body: unknown): Record<string, string> {
  const { processId, requestId } = Traces.safeParse(body).data ?? {};
  return {
    ...(requestId === undefined ? {} : { zuoraRequestId: requestId }),
    ...(processId === undefined ? {} : { zuoraProcessId: processId }),
  };
}

/** The identifiers that every error about a reply carries. */
export function contextOf({
  call,
  status,
  headers,
}: Pick<Reply, 'call' | 'status' | 'headers'>): Record<string, string | number> {
  const requestId = headers['zuora-request-id'];
  return {
    method: call.method,
    path: call.path,
    status,
    ...(requestId === undefined ? {} : { zuoraRequestId: requestId }),
  };
}

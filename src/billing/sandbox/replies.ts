import { randomBytes } from 'node:crypto';
import { type Readable } from 'node:stream';

/** What a route answers. A stream is sent as it is; text is packed when the caller can unpack it. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Readable;
  /** As from something between the caller and Zuora: without the headers that Zuora adds. */
  readonly bare?: boolean;
}

export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

export function xml(body: string, status = 200): Reply {
  return { status, headers: { 'content-type': 'text/xml;charset=utf-8' }, body };
}

/** Categories of the codes of /v1: the last two digits (wire.md 2.6). */
export const CATEGORY = {
  permission: '10',
  signIn: '11',
  invalid: '20',
  notFound: '40',
  method: '45',
  lock: '50',
  internal: '60',
  temporary: '61',
  limit: '70',
  malformed: '90',
};

/** The error body of /v1; calls without a payload carry the resource 500000. */
export function v1Error(
  status: number,
  category: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const code = Number(category === CATEGORY.signIn ? `900000${category}` : `500000${category}`);
  const processId = randomBytes(8).toString('hex').toUpperCase();
  return json({ success: false, processId, reasons: [{ code, message }] }, status, headers);
}

/** The error body of AQuA: HTTP 200, and no success. */
export function aquaError(code: string, message: string): Reply {
  return json({ errorCode: code, message });
}

export function xmlText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

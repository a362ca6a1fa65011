import { gunzipSync } from 'node:zlib';

/** One call and its reply, as they went over the wire. */
export interface Exchange {
  readonly method: string;
  /** With what follows the question mark. */
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  readonly status: number;
  readonly replyHeaders: Readonly<Record<string, string>>;
  readonly replyBody: Buffer;
}

/** The body of the reply as text, unpacked. */
export function replyText({ replyHeaders, replyBody }: Exchange): string {
  const packed = replyHeaders['content-encoding'] === 'gzip';
  return (packed ? gunzipSync(replyBody) : replyBody).toString('utf8');
}

/** The type of a body, without its character set. */
export function typeOf(headers: Readonly<Record<string, string>>): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

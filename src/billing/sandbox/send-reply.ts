import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable, pipeline as pipe } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';

import { sendBroken } from './broken-body.ts';
import { type Fault } from './faults.ts';
import { type Reply } from './replies.ts';

export interface Sending {
  /** What the limits are and what is left of them. */
  readonly traffic: Readonly<Record<string, string>>;
  /** A fault of the body, if there is one. */
  readonly fault: Fault | undefined;
}

const BODY_FAULTS: readonly string[] = ['slow-body', 'reset-body', 'hang-body'];
const PACKED: readonly (string | undefined)[] = ['application/gzip', 'application/zip'];

/** Sends a reply with the headers that Zuora adds; packed where the caller can unpack it. */
export async function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  { traffic, fault }: Sending,
): Promise<void> {
  const headers = reply.bare === true ? { ...reply.headers } : headersOf(request, reply, traffic);
  const accepts = /\bgzip\b/i.test(String(request.headers['accept-encoding'] ?? '')) && reply.bare !== true;
  const { body, length, packed } = encoded(reply.body, accepts && !PACKED.includes(headers['content-type']));
  if (packed) headers['content-encoding'] = 'gzip';
  if (packed) delete headers['content-length'];
  if (length !== undefined) headers['content-length'] = String(length);
  response.writeHead(reply.status, headers);

  // A caller that goes away in the middle is no failure of ours.
  const gone = (): void => void response.destroy();
  if (fault !== undefined && BODY_FAULTS.includes(fault.kind)) {
    const known = headers['content-length'];
    const source = Buffer.isBuffer(body) ? [body] : body;
    await sendBroken(response, source, known === undefined ? undefined : Number(known), fault).catch(gone);
    return;
  }
  if (Buffer.isBuffer(body)) response.end(body);
  else await pipeline(body, response).catch(gone);
}

/** The bytes to send; `length` where they are all there. Small texts are not worth packing. */
function encoded(
  body: string | Readable,
  accepts: boolean,
): { body: Buffer | Readable; length?: number; packed: boolean } {
  if (body instanceof Readable) {
    if (!accepts) return { body, packed: false };
    // Errors end the packed stream, and with it the answer.
    return { body: pipe(body, createGzip({ level: 1 }), () => {}), packed: true };
  }
  const plain = Buffer.from(body, 'utf8');
  const packed = accepts && plain.length > 1000;
  const bytes = packed ? gzipSync(plain) : plain;
  return { body: bytes, length: bytes.length, packed };
}

function headersOf(
  { headers }: IncomingMessage,
  reply: Reply,
  traffic: Readonly<Record<string, string>>,
): Record<string, string> {
  const track = headers['zuora-track-id'];
  const counted = Object.entries(traffic).filter(
    // Zuora may leave these out when it breaks.
    ([name]) => reply.status < 500 || !name.startsWith('Concurrency-'),
  );
  return {
    'Zuora-Request-Id': randomBytes(16).toString('hex'),
    'X-Sandbox': 'revsync',
    ...(typeof track === 'string' ? { 'Zuora-Track-Id': track } : {}),
    ...Object.fromEntries(counted),
    ...reply.headers,
  };
}

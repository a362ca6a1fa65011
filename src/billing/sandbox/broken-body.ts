import { type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Fault } from './faults.ts';

type Body = AsyncIterable<Buffer> | Iterable<Buffer>;

/**
 * Sends a body as a fault wants it: in pieces with pauses, or only its first half. `length` is that of the
 * body in bytes, undefined when it is not known. The head is already written.
 */
export async function sendBroken(
  response: ServerResponse,
  body: Body,
  length: number | undefined,
  fault: Fault,
): Promise<void> {
  if (fault.kind === 'slow-body') {
    const piece = Math.min(64 * 1024, Math.max(1, Math.ceil((length ?? 160 * 1024) / 10)));
    await pipeline(Readable.from(pieces(body, piece, fault.delay)), response);
    return;
  }
  await pipeline(Readable.from(firstHalf(body, length)), response, { end: false });
  if (fault.kind === 'hang-body') return;
  // What was sent gets there before the connection breaks.
  await sleep(50, undefined, { ref: false });
  response.socket?.resetAndDestroy();
}

async function* pieces(body: Body, size: number, delay: number): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += size) {
      yield chunk.subarray(at, at + size);
      await sleep(delay, undefined, { ref: false });
    }
  }
}

/** Half of the first chunk where nobody knows how long the body will be. */
async function* firstHalf(body: Body, length: number | undefined): AsyncGenerator<Buffer> {
  let left = length === undefined ? undefined : Math.floor(length / 2);
  for await (const chunk of body) {
    left ??= Math.ceil(chunk.length / 2);
    if (left > 0) yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

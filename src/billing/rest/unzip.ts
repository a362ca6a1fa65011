import { finished, Readable, Transform } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';

import { firstBytes } from './first-bytes.ts';
import { readZipHeader, ZIP_HEADER_FIXED, zipHeaderLength, type ZipHeader } from './zip-header.ts';

const TOO_SHORT = 'the zip archive ends early';

/** Unpacks, ends where the packed file does, and then knows how many bytes it took. */
interface Unpacker {
  readonly stream: Transform;
  readonly taken: () => number;
}

/**
 * The first file of a zip archive, which is the only one that AQuA puts there; what follows it is read and ignored.
 * The source stands at its `PK\x03\x04`. Errors when the archive ends before the file and its check sum do, or
 * the check sum differs. Destroying the result destroys the source.
 */
export async function unzip(source: Readable): Promise<Readable> {
  const header = readZipHeader(await headerOf(source));
  takeAway(source, header.length);
  const unpacker = header.packed === 'deflated' ? inflater() : copier(header.size ?? 0);
  return unpacked(source, unpacker, header);
}

async function headerOf(source: Readable): Promise<Buffer> {
  const fixed = await firstBytes(source, ZIP_HEADER_FIXED);
  if (fixed.ended) throw new Error(TOO_SHORT);
  const length = zipHeaderLength(fixed.head);
  const whole = await firstBytes(source, length);
  if (whole.ended) throw new Error(TOO_SHORT);
  return whole.head.subarray(0, length);
}

/** `firstBytes` has just put them back, so they are there. */
function takeAway(source: Readable, length: number): void {
  const part = source.read() as Buffer;
  if (part.length > length) source.unshift(part.subarray(length));
}

function unpacked(source: Readable, unpacker: Unpacker, { checkSum }: ZipHeader): Readable {
  const { stream } = unpacker;
  let sum = 0;
  const target = new Readable({
    read: () => void stream.resume(),
    destroy(error, done) {
      source.destroy();
      stream.destroy();
      done(error);
    },
  });
  stream.on('data', (part: Buffer) => {
    sum = crc32(part, sum);
    if (!target.push(part)) stream.pause();
  });
  stream.on('error', (error) => target.destroy(error));
  handOver(source, unpacker, (rest) => {
    const wrong = fault(sum, checkSum, rest);
    if (wrong === null) target.push(null);
    else target.destroy(new Error(wrong));
  });
  // Unlike events, this also tells what happened before.
  finished(source, { writable: false }, (error) => {
    if (error) target.destroy(error);
  });
  // Who begins to read after it sees it all the same.
  target.on('error', () => {});
  return target;
}

/**
 * Streams do not tell what a packed file left of the last chunk it was given; its check sum is in there. So chunks
 * are handed over one by one, the next only when the last is worked off. At the end of both file and
 * source, `done` gets what follows the file, or so much of it as has the check sum.
 */
function handOver(source: Readable, { stream, taken }: Unpacker, done: (rest: Buffer) => void): void {
  let last: Buffer = Buffer.alloc(0);
  let given = 0;
  let rest: Buffer | null = null;
  let ended = false;
  source.on('data', (part: Buffer) => {
    if (rest !== null) {
      if (rest.length < DESCRIPTOR) rest = Buffer.concat([rest, part.subarray(0, DESCRIPTOR)]);
      return;
    }
    last = part;
    given += part.length;
    source.pause();
    stream.write(part, () => void source.resume());
  });
  source.on('end', () => {
    ended = true;
    if (rest === null) stream.end();
    else done(rest);
  });
  stream.on('end', () => {
    rest = last.subarray(last.length - (given - taken()));
    if (ended) done(rest);
    else source.resume();
  });
}

/** The signature, which may be missing, and the check sum; sizes follow. */
const DESCRIPTOR = 8;
const SIGNATURE = 0x08074b50;

/** What is wrong with a file whose bytes have this check sum, by its header or by the descriptor behind it. */
function fault(sum: number, expected: number | null, rest: Buffer): string | null {
  if (expected === null && rest.length < DESCRIPTOR) return TOO_SHORT;
  const signed = expected === null && rest.readUInt32LE(0) === SIGNATURE;
  const stated = expected ?? rest.readUInt32LE(signed ? 4 : 0);
  return stated === sum ? null : 'the file in the zip archive does not fit its check sum';
}

function inflater(): Unpacker {
  const stream = createInflateRaw({ chunkSize: 64 * 1024 });
  return { stream, taken: () => stream.bytesWritten };
}

/** Passes on so many bytes and, like an inflater, does not ask for more when it is done. */
function copier(size: number): Unpacker {
  let left = size;
  const stream = new Transform({
    transform(part: Buffer, _encoding, done) {
      const own = part.subarray(0, left);
      left -= own.length;
      this.push(own);
      if (left > 0) done();
      else this.push(null);
    },
  });
  return { stream, taken: () => size - left };
}

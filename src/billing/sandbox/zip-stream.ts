import { type Readable, Transform, pipeline } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

const BOTH_AFTER_THE_DATA = 0x08 | 0x0800; // sizes follow in a descriptor; the name is UTF-8
const DEFLATED = 8;
const JANUARY_1980 = 0x21;
/** From here on sizes may not fit in 32 bits: packed data can be a little longer than plain data. */
const LARGE = 0xf0_00_00_00;

/**
 * A zip archive of one entry, made while it is read. `size` is the entry's length in bytes, which decides
 * whether the archive needs zip64.
 */
export async function* zipOf(name: string, content: Readable, size: number): AsyncGenerator<Buffer> {
  const isLarge = size >= LARGE;
  const entry = { name: Buffer.from(name, 'utf8'), isLarge };
  const head = localHeader(entry);
  let crc = 0;
  let plain = 0;
  let packed = 0;

  yield head;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      crc = crc32(chunk, crc);
      plain += chunk.length;
      done(null, chunk);
    },
  });
  // Errors end the last stream too, and with it this loop.
  const deflated = pipeline(content, counted, createDeflateRaw({ level: 1 }), () => {});
  for await (const chunk of deflated as AsyncIterable<Buffer>) {
    packed += chunk.length;
    yield chunk;
  }
  const sizes = { crc, plain, packed };
  const descriptor = descriptorOf(sizes, isLarge);
  yield descriptor;
  yield directory(entry, sizes, head.length + packed + descriptor.length);
}

interface Entry {
  readonly name: Buffer;
  readonly isLarge: boolean;
}

interface Sizes {
  readonly crc: number;
  readonly plain: number;
  readonly packed: number;
}

function localHeader({ name, isLarge }: Entry): Buffer {
  const extra = isLarge ? zip64Extra([0, 0]) : Buffer.alloc(0);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04_03_4b_50, 0);
  head.writeUInt16LE(isLarge ? 45 : 20, 4);
  head.writeUInt16LE(BOTH_AFTER_THE_DATA, 6);
  head.writeUInt16LE(DEFLATED, 8);
  head.writeUInt16LE(JANUARY_1980, 12);
  head.writeUInt32LE(isLarge ? 0xff_ff_ff_ff : 0, 18);
  head.writeUInt32LE(isLarge ? 0xff_ff_ff_ff : 0, 22);
  head.writeUInt16LE(name.length, 26);
  head.writeUInt16LE(extra.length, 28);
  return Buffer.concat([head, name, extra]);
}

function descriptorOf({ crc, plain, packed }: Sizes, isLarge: boolean): Buffer {
  const descriptor = Buffer.alloc(isLarge ? 24 : 16);
  descriptor.writeUInt32LE(0x08_07_4b_50, 0);
  descriptor.writeUInt32LE(crc, 4);
  if (isLarge) {
    descriptor.writeBigUInt64LE(BigInt(packed), 8);
    descriptor.writeBigUInt64LE(BigInt(plain), 16);
  } else {
    descriptor.writeUInt32LE(packed, 8);
    descriptor.writeUInt32LE(plain, 12);
  }
  return descriptor;
}

/** The central directory and its end; `at` is where it begins. */
function directory({ name, isLarge }: Entry, { crc, plain, packed }: Sizes, at: number): Buffer {
  const fits = (value: number): number => (isLarge ? 0xff_ff_ff_ff : value);
  const extra = isLarge ? zip64Extra([plain, packed]) : Buffer.alloc(0);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02_01_4b_50, 0);
  head.writeUInt16LE(isLarge ? 45 : 20, 4);
  head.writeUInt16LE(isLarge ? 45 : 20, 6);
  head.writeUInt16LE(BOTH_AFTER_THE_DATA, 8);
  head.writeUInt16LE(DEFLATED, 10);
  head.writeUInt16LE(JANUARY_1980, 14);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(fits(packed), 20);
  head.writeUInt32LE(fits(plain), 24);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt16LE(extra.length, 30);
  const central = Buffer.concat([head, name, extra]);

  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06_05_4b_50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(fits(at), 16);
  return Buffer.concat([central, ...(isLarge ? [zip64End(central.length, at)] : []), end]);
}

function zip64Extra(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  return extra;
}

/** Zip64's end of the directory, and the pointer to it. */
function zip64End(length: number, at: number): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.writeUInt32LE(0x06_06_4b_50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(45, 12);
  end.writeUInt16LE(45, 14);
  end.writeBigUInt64LE(1n, 24);
  end.writeBigUInt64LE(1n, 32);
  end.writeBigUInt64LE(BigInt(length), 40);
  end.writeBigUInt64LE(BigInt(at), 48);
  end.writeUInt32LE(0x07_06_4b_50, 56);
  end.writeBigUInt64LE(BigInt(at + length), 56 + 8);
  end.writeUInt32LE(1, 56 + 16);
  return end;
}

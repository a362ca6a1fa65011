import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib';

export interface ZipForm {
  readonly method?: 'deflated' | 'stored';
  /** Where check sum and sizes are: in the header, or behind the file with or without a signature. */
  readonly sums?: 'header' | 'descriptor' | 'unsigned descriptor';
  /** Sizes are in the zip64 extra field instead. */
  readonly zip64?: boolean;
  /** Another extra field before that, as archivers put there for times. */
  readonly extra?: number;
  readonly name?: string;
  /** Overwrites parts of the header: flags and method by their numbers, or a wrong check sum. */
  readonly flags?: number;
  readonly methodNumber?: number;
  readonly sum?: number;
}

const DATED = Buffer.from('000021b9', 'hex');

/** One file of an archive: header, bytes, and descriptor where asked for; no central directory. */
export function zipEntry(content: Buffer | string, form: ZipForm = {}): Buffer {
  const plain = Buffer.from(content);
  const packed = form.method === 'stored' ? plain : deflateRawSync(plain);
  const sums = { sum: form.sum ?? crc32(plain), packed: packed.length, plain: plain.length };
  return Buffer.concat([headerOf(form, sums), packed, descriptorOf(form, sums)]);
}

/** An archive of one file; `ends` is where the file with its check sum does, and the central directory begins. */
export function zipOf(content: Buffer | string, form: ZipForm = {}): { bytes: Buffer; ends: number } {
  const entry = zipEntry(content, form);
  return { bytes: Buffer.concat([entry, directory(entry.length)]), ends: entry.length };
}

/** A large archive as it is written: with a descriptor, because its size is not known before. */
export async function* zipStream(parts: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  const form: ZipForm = { sums: 'descriptor' };
  const sums = { sum: 0, packed: 0, plain: 0 };
  yield headerOf(form, sums);
  const deflate = createDeflateRaw({ level: 1 });
  const write = async () => {
    for await (const part of parts) {
      sums.sum = crc32(part, sums.sum);
      sums.plain += part.length;
      await new Promise((resolve) => deflate.write(part, resolve));
    }
    deflate.end();
  };
  const written = write();
  for await (const packed of deflate) {
    sums.packed += (packed as Buffer).length;
    yield packed as Buffer;
  }
  await written;
  yield descriptorOf(form, sums);
  yield directory(0);
}

interface Sums {
  readonly sum: number;
  readonly packed: number;
  readonly plain: number;
}

function headerOf(form: ZipForm, { sum, packed, plain }: Sums): Buffer {
  const { sums = 'header', zip64 = false, name = 'query.csv', method = 'deflated' } = form;
  const told = sums === 'header';
  const extras: Buffer[] = [];
  if (form.extra !== undefined) extras.push(extraField(0x5455, Buffer.alloc(form.extra)));
  if (zip64) extras.push(extraField(1, Buffer.concat([uint64(told ? plain : 0), uint64(told ? packed : 0)])));
  const extra = Buffer.concat(extras);
  const size = (value: number) => uint32(zip64 ? 0xffffffff : told ? value : 0);
  return Buffer.concat([
    Buffer.from('PK\u0003\u0004'),
    uint16(20),
    uint16(form.flags ?? (told ? 0 : 8)),
    uint16(form.methodNumber ?? (method === 'stored' ? 0 : 8)),
    DATED,
    uint32(told ? sum : 0),
    size(packed),
    size(plain),
    uint16(Buffer.byteLength(name)),
    uint16(extra.length),
    Buffer.from(name),
    extra,
  ]);
}

function descriptorOf({ sums = 'header', zip64 = false }: ZipForm, { sum, packed, plain }: Sums): Buffer {
  if (sums === 'header') return Buffer.alloc(0);
  const size = zip64 ? uint64 : uint32;
  const signature = sums === 'descriptor' ? [Buffer.from('PK\u0007\u0008')] : [];
  return Buffer.concat([...signature, uint32(sum), size(packed), size(plain)]);
}

/** Shaped like a central directory with its end; nobody may read it. */
function directory(at: number): Buffer {
  const entry = Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.alloc(51, 0xee)]);
  const end = [uint16(0), uint16(0), uint16(1), uint16(1), uint32(entry.length), uint32(at), uint16(0)];
  return Buffer.concat([entry, Buffer.from('PK\u0005\u0006'), ...end]);
}

function extraField(id: number, data: Buffer): Buffer {
  return Buffer.concat([uint16(id), uint16(data.length), data]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value % 2 ** 32);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

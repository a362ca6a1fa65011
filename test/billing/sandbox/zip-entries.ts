import { crc32, inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
  readonly isZip64: boolean;
}

/** The entries of a zip archive, read by its directory; their check sums are looked at. */
export function entriesOf(archive: Buffer): ZipEntry[] {
  const end = archive.lastIndexOf(Buffer.from('504b0506', 'hex'));
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  const isZip64 = at === 0xffffffff;
  if (isZip64) {
    const end64 = Number(archive.readBigUInt64LE(end - 20 + 8));
    at = Number(archive.readBigUInt64LE(end64 + 48));
  }
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (archive.readUInt32LE(at) !== 0x02014b50) throw new Error('the directory is not where its end says');
    const nameLength = archive.readUInt16LE(at + 28);
    const extraAt = at + 46 + nameLength;
    const [plain, packed] = isZip64
      ? [Number(archive.readBigUInt64LE(extraAt + 4)), Number(archive.readBigUInt64LE(extraAt + 12))]
      : [archive.readUInt32LE(at + 24), archive.readUInt32LE(at + 20)];
    const local = archive.readUInt32LE(at + 42);
    const dataAt = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const content = inflateRawSync(archive.subarray(dataAt, dataAt + packed));
    if (content.length !== plain || crc32(content) !== archive.readUInt32LE(at + 16)) {
      throw new Error('the entry is not what the directory says');
    }
    entries.push({ name: archive.toString('utf8', at + 46, extraAt), content, isZip64 });
    at = extraAt + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

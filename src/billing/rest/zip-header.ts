/** What the header before a file in a zip archive says of it. */
export interface ZipHeader {
  /** Bytes of the header itself, with name and extra fields. */
  readonly length: number;
  readonly packed: 'deflated' | 'stored';
  /** Null: it follows the file, in its data descriptor. */
  readonly checkSum: number | null;
  /** Packed bytes; null when the header does not tell. */
  readonly size: number | null;
}

/** Bytes before name and extra fields. */
export const ZIP_HEADER_FIXED = 30;

const ENCRYPTED = 0x1;
const DESCRIPTOR_FOLLOWS = 0x8;
const STORED = 0;
const DEFLATED = 8;
const IN_EXTRA_FIELD = 0xffffffff;

/** How long the whole header is, by its fixed part. */
export function zipHeaderLength(fixed: Buffer): number {
  return ZIP_HEADER_FIXED + fixed.readUInt16LE(26) + fixed.readUInt16LE(28);
}

/** Reads a local file header, all of it. Throws when the file is encrypted or packed in a way that AQuA's are not. */
export function readZipHeader(header: Buffer): ZipHeader {
  const flags = header.readUInt16LE(6);
  const method = header.readUInt16LE(8);
  if ((flags & ENCRYPTED) !== 0) throw new Error('the file in the zip archive is encrypted');
  if (method !== STORED && method !== DEFLATED) {
    throw new Error(`the file in the zip archive is packed by method ${method}`);
  }
  const extra = header.subarray(ZIP_HEADER_FIXED + header.readUInt16LE(26));
  const follows = (flags & DESCRIPTOR_FOLLOWS) !== 0;
  const size = follows ? null : sizeOf(header.readUInt32LE(18), extra);
  if (method === STORED && size === null) {
    throw new Error('the file in the zip archive is stored without its size, so its end cannot be told');
  }
  return {
    length: zipHeaderLength(header),
    packed: method === STORED ? 'stored' : 'deflated',
    checkSum: follows ? null : header.readUInt32LE(14),
    size,
  };
}

/** From 4 GiB on the size is in the zip64 extra field (id 1), behind that of the unpacked file. */
function sizeOf(size: number, extra: Buffer): number | null {
  if (size !== IN_EXTRA_FIELD) return size;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1 && at + 20 <= extra.length)
      return Number(extra.readBigUInt64LE(at + 12));
  }
  return null;
}

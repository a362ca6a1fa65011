import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { firstBytes } from './first-bytes.ts';
import { unzip } from './unzip.ts';

/** A packed file inside a compressed reply has two layers; nothing honest has more. */
const MAX_LAYERS = 2;

const PACKINGS = [
  { magic: Buffer.of(0x1f, 0x8b), unpack: gunzip },
  { magic: Buffer.from('PK\u0003\u0004'), unpack: unzip },
] as const;
const LONGEST_MAGIC = 4;

/**
 * The stream without its gzip and zip layers, told by the bytes and not by headers or formats, which differ
 * between proxies and between `/v1/file` and the rest. Of a zip it is the first file. Reads no more than a chunk
 * ahead. Destroying the result destroys the source; an error of the source, or a packing that ends early or
 * does not fit its check sum, is its error.
 */
export async function plainBytes(source: Readable, layers = MAX_LAYERS): Promise<Readable> {
  const { head, ended } = await firstBytes(source, LONGEST_MAGIC);
  if (ended) {
    const cut = PACKINGS.some(({ magic }) => head.length > 1 && magic.subarray(0, head.length).equals(head));
    if (cut) throw new Error('the packed file ends within its first bytes');
    return Readable.from(head.length === 0 ? [] : [head], { objectMode: false });
  }
  const packing = PACKINGS.find(({ magic }) => head.subarray(0, magic.length).equals(magic));
  if (packing === undefined || layers === 0) return source;
  return plainBytes(await packing.unpack(source), layers - 1);
}

function gunzip(source: Readable): Readable {
  const target = createGunzip({ chunkSize: 64 * 1024 });
  pipeline(source, target, () => {
    // Either end's error reaches the other by destroy; the reader of the result sees it.
  });
  return target;
}

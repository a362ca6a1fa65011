import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A gzip file inside a compressed reply has two layers; nothing honest has more. */
const MAX_LAYERS = 2;

/**
 * The stream without its gzip layers, told by the bytes and not by headers or formats, which differ
 * between proxies and between `/v1/file` and the rest. Reads no more than a chunk ahead. Destroying
 * the result destroys the source; an error of the source, or a gzip that ends early, is its error.
 */
export async function plainBytes(source: Readable, layers = MAX_LAYERS): Promise<Readable> {
  const { head, ended } = await peek(source);
  if (ended) return Readable.from(head.length === 0 ? [] : [head], { objectMode: false });
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  if (!packed || layers === 0) return source;

  const gunzip = createGunzip({ chunkSize: 64 * 1024 });
  pipeline(source, gunzip, () => {
    // Either end's error reaches the other by destroy; the reader of the result sees it.
  });
  return plainBytes(gunzip, layers - 1);
}

/** The first bytes, still in the stream; two at least unless it ended before. */
function peek(source: Readable): Promise<{ head: Buffer; ended: boolean }> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const take = () => {
      const part = source.read() as Buffer | null;
      if (part === null) return;
      head = Buffer.concat([head, part]);
      if (head.length < 2) return;
      // At once: after this turn a stream read to its end counts as ended.
      source.unshift(head);
      stop();
      resolve({ head, ended: false });
    };
    const end = () => {
      stop();
      resolve({ head, ended: true });
    };
    const fail = (error: Error) => {
      stop();
      reject(error);
    };
    const close = () => fail(new Error('the stream was closed before its end'));
    const stop = () => source.off('readable', take).off('end', end).off('error', fail).off('close', close);
    source.on('end', end).on('error', fail).on('close', close).on('readable', take);
    if (source.errored) fail(source.errored);
  });
}

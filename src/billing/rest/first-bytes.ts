import type { Readable } from 'node:stream';

/**
 * The first bytes of a stream, still in it: `count` at least, unless it ended before (`ended`); then it is read to
 * its end. Rejects when the stream errors or is closed before.
 */
export function firstBytes(source: Readable, count: number): Promise<{ head: Buffer; ended: boolean }> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    const take = () => {
      for (let part = source.read() as Buffer | null; part !== null; part = source.read() as Buffer | null) {
        parts.push(part);
        length += part.length;
        if (length < count) continue;
        const head = Buffer.concat(parts);
        // At once: after this turn a stream read to its end counts as ended.
        source.unshift(head);
        stop();
        resolve({ head, ended: false });
        return;
      }
    };
    const end = () => {
      stop();
      resolve({ head: Buffer.concat(parts), ended: true });
    };
    const fail = (error: Error) => {
      stop();
      reject(error);
    };
    const close = () => fail(new Error('the stream was closed before its end'));
    const stop = () => source.off('readable', take).off('end', end).off('error', fail).off('close', close);
    source.on('end', end).on('error', fail).on('close', close).on('readable', take);
    if (source.errored) fail(source.errored);
    else if (source.destroyed) close();
  });
}

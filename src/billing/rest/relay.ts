import { finished, Readable } from 'node:stream';

/** The same bytes, with the errors put into our words. Waits for its reader; destroying it destroys the source. */
export function relay(source: Readable, broken: (error: unknown) => unknown): Readable {
  const target = new Readable({
    read: () => void source.resume(),
    destroy(error, done) {
      source.destroy();
      done(error);
    },
  });
  source.on('data', (part: Buffer) => {
    if (!target.push(part)) source.pause();
  });
  source.on('end', () => target.push(null));
  // Unlike events, this also tells what happened before: short files fail while their first bytes are looked at.
  finished(source, { writable: false }, (error) => {
    if (error) target.destroy(asError(broken(error)));
  });
  return target;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

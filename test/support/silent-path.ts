import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can go silent as a lost network does: nothing comes through, and nobody is told. */
export interface SilentPath {
  readonly url: string;
  /** From now on nothing passes, on connections that are open and on new ones. */
  silence(): void;
  /** New connections work again; those from before never do. */
  restore(): void;
  close(): Promise<void>;
}

export async function silentPath(to: string): Promise<SilentPath> {
  const target = new URL(to);
  const sockets: [Socket, Socket][] = [];
  let silent = false;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    sockets.push([near, far]);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    if (silent) {
      near.resume();
      return;
    }
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(to);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    silence() {
      silent = true;
      for (const [near, far] of sockets) {
        near.unpipe(far).resume();
        far.unpipe(near).resume();
      }
    },
    restore: () => (silent = false),
    async close() {
      for (const pair of sockets) for (const socket of pair) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

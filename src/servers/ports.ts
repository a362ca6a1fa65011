import { connect, createServer, type Server } from 'node:net';

import { reasonOf, RevsyncError } from '../domain/errors.ts';

const LOOPBACK = '127.0.0.1';

/** A port of 127.0.0.1 that was free a moment ago. Another process may be quicker: be ready to ask again. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port as number;
}

/** As many different free ports of 127.0.0.1. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map(portOf);
  await Promise.all(servers.map(close));
  return ports;
}

/**
 * Makes sure that a port somebody asked for can be had.
 *
 * @param what what shall listen there, for the message: `The sandbox`
 * @throws RevsyncError `PORT_TAKEN` or `PORT_UNUSABLE` (fix-input)
 */
export async function requireFreePort(port: number, what: string): Promise<number> {
  try {
    await close(await listen(port));
    return port;
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    const reason = taken ? 'another program listens there' : reasonOf(error);
    throw new RevsyncError(`${what} cannot listen on port ${port}: ${reason}.`, {
      code: taken ? 'PORT_TAKEN' : 'PORT_UNUSABLE',
      fate: 'fix-input',
      remedy: 'Stop what uses the port, give another one, or leave the port out to get a free one.',
      context: { port },
      cause: error,
    });
  }
}

/** Whether somebody answers on this port of 127.0.0.1. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK);
    const answer = (listening: boolean): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    try {
      server.listen({ host: LOOPBACK, port, exclusive: true }, () => resolve(server));
    } catch (error) {
      reject(error as Error); // a number that is no port
    }
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { RevsyncError } from '../../domain/errors.ts';
import { answerCall } from './answer-call.ts';
import { type SandboxOptions, createServices } from './services.ts';

export type { SandboxOptions } from './services.ts';

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  /** Breaks open connections and removes the result files. */
  stop(): Promise<void>;
}

/**
 * Starts an HTTP server that answers like Zuora Billing for the tenant. Throws `PORT_TAKEN`,
 * `PORT_UNUSABLE` and, for entities that the tenant does not have, `SANDBOX_ENTITY_UNKNOWN`.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { tenant, port = 0, host = '127.0.0.1', report } = options;
  const folder = await mkdtemp(join(tmpdir(), 'revsync-sandbox-'));
  const stopping = new AbortController();
  const server = createServer();
  let services: ReturnType<typeof createServices>;

  try {
    services = createServices(options, folder, stopping.signal);
    const { answering } = services;
    server.on('request', (request, response) => void answerCall(request, response, answering));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw cannotListen(error, host, port);
  }
  const address = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  report(
    `Sandbox: a made-up Zuora Billing tenant (${tenant.label}) at ${url}; client id and secret: sandbox`,
  );
  return {
    url,
    port: address.port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      stopping.abort();
      server.closeAllConnections();
      await services.stop();
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function cannotListen(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') {
    return new RevsyncError(`Port ${port} of ${host} is taken`, {
      code: 'PORT_TAKEN',
      fate: 'fix-input',
      remedy: `Stop what listens on port ${port}, or give the sandbox another one with --port; 0 takes any free one.`,
      context: { port },
      cause: error,
    });
  }
  if (
    code === 'EACCES' ||
    code === 'EADDRNOTAVAIL' ||
    code === 'ENOTFOUND' ||
    code === 'ERR_SOCKET_BAD_PORT'
  ) {
    return new RevsyncError(`The sandbox cannot listen on port ${port} of ${host}`, {
      code: 'PORT_UNUSABLE',
      fate: 'fix-input',
      remedy: 'Give the sandbox a port from 1024 to 65535 with --port, or 0 for any free one.',
      context: { port },
      cause: error,
    });
  }
  return error;
}

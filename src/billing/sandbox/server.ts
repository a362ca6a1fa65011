import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { RevsyncError } from '../../domain/errors.ts';
import { answerCall } from './answer-call.ts';
import { createAqua } from './aqua-routes.ts';
import { createChanges } from './changes.ts';
import { createFaults } from './faults.ts';
import { createOAuth } from './oauth.ts';
import { routesOf } from './routes.ts';
import { type Tenant } from './tenant.ts';

export interface SandboxOptions {
  readonly tenant: Tenant;
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Only this machine unless told otherwise: the credentials are known to all. */
  readonly host?: string;
  readonly report: (line: string) => void;
  /** Milliseconds that an export job takes at least. */
  readonly jobDelay?: number;
  /** The clock, in milliseconds; for tests. */
  readonly now?: () => number;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  /** Breaks open connections and removes the result files. */
  stop(): Promise<void>;
}

/** Starts an HTTP server that answers like Zuora Billing for the tenant. Throws `PORT_TAKEN`. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { tenant, port = 0, host = '127.0.0.1', report, jobDelay = 300, now = Date.now } = options;
  const folder = await mkdtemp(join(tmpdir(), 'revsync-sandbox-'));
  const faults = createFaults();
  const changes = createChanges(tenant, now);
  const oauth = createOAuth(
    tenant.entities.map(({ id }) => id),
    now,
  );
  const stopping = new AbortController();
  const { signal } = stopping;
  const aqua = createAqua({ tenant, faults, folder, jobDelay, files: new Map(), stopping: signal }, changes);
  const routes = routesOf({ tenant, oauth, aqua, changes, faults });
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void answerCall(request, response, { routes, oauth, faults, tenant, report });
  });

  try {
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
      await aqua.stop();
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

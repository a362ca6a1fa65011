import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { RevsyncError, reasonOf } from '../domain/errors.ts';
import { isReady, type Readiness } from './readiness.ts';

/** Prometheus's text format. */
const EXPOSITION = 'text/plain; version=0.0.4; charset=utf-8';

/** What the endpoint tells. */
export interface Told {
  metrics(): Promise<string>;
  /** Whether the process can go on; false asks whoever supervises it to start it again. */
  alive(): boolean;
  ready(): Promise<Readiness>;
  /** Why something could not be told, for the log. */
  failed(error: unknown): void;
}

export interface Endpoint {
  /** `http://127.0.0.1:9464`, without a path. */
  readonly url: string;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * Serves `/metrics`, `/health` and `/ready` at `host:port`; port 0 takes a free one.
 *
 * @throws RevsyncError `HTTP_ADDRESS_UNUSABLE`
 */
export async function startEndpoint(address: string, told: Told): Promise<Endpoint> {
  const server = createServer((request, response) => void handle(request, response, told));
  server.requestTimeout = 10_000;
  await listen(server, address);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${hostOf(address)}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, told: Told): Promise<void> {
  const { status, type, body } = await answerTo(request, told).catch((error: unknown): Answer => {
    told.failed(error);
    return json(500, { error: 'this could not be told; see the log of the worker' });
  });
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function answerTo({ method, url = '' }: IncomingMessage, told: Told): Promise<Answer> {
  const path = url.split('?', 1)[0];
  const answers = path === undefined ? undefined : ANSWERS.get(path);
  if (answers === undefined) return json(404, { paths: [...ANSWERS.keys()] });
  if (method !== 'GET' && method !== 'HEAD') return json(405, { methods: ['GET', 'HEAD'] });
  return answers(told);
}

const ANSWERS = new Map<string, (told: Told) => Promise<Answer>>([
  ['/metrics', async (told) => ({ status: 200, type: EXPOSITION, body: await told.metrics() })],
  [
    '/health',
    async (told) => {
      const alive = told.alive();
      return json(alive ? 200 : 503, { alive });
    },
  ],
  [
    '/ready',
    async (told) => {
      const readiness = await told.ready();
      const ready = isReady(readiness);
      return json(ready ? 200 : 503, { ready, ...readiness });
    },
  ],
]);

const json = (status: number, content: object): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: `${JSON.stringify(content)}\n`,
});

const hostOf = (address: string): string => address.slice(0, address.lastIndexOf(':'));

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(unusable(address, error)));
    const port = Number(address.slice(address.lastIndexOf(':') + 1));
    try {
      server.listen({ host: hostOf(address).replace(/^\[(.*)\]$/, '$1'), port }, resolve);
    } catch (error) {
      reject(unusable(address, error)); // a number that is no port
    }
  });
}

function unusable(address: string, error: unknown): RevsyncError {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const reason = taken ? 'another program listens there' : reasonOf(error);
  return new RevsyncError(`The worker's endpoint cannot listen at ${address}: ${reason}.`, {
    code: 'HTTP_ADDRESS_UNUSABLE',
    fate: 'fix-input',
    remedy: 'Give each worker an address of its own in REVSYNC_HTTP_ADDRESS, or unset it.',
    cause: error,
  });
}

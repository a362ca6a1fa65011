import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';

import { onTestFinished } from 'vitest';

import {
  connectBilling,
  type BillingConfig,
  type ConnectedBilling,
} from '../../../src/billing/rest/billing.ts';
import { RevsyncError } from '../../../src/domain/errors.ts';

export const CLIENT_ID = 'c1ient-00000000-0000-0000-0000-000000000001';
export const CLIENT_SECRET = 's3cret-abcdefghijklmnopqrstuvwxyz';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
export type Answer = (request: Seen, response: ServerResponse) => void;

/** An object is answered as JSON; a string as it is. */
export function reply(
  status: number,
  body: unknown = '',
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return (_request, response) => {
    const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const type = typeof body === 'string' ? 'text/xml' : 'application/json';
    response.writeHead(status, { 'content-type': type, 'zuora-request-id': 'req-1', ...headers }).end(text);
  };
}

/** Token after token: `token-1`, `token-2`, ... */
export function tokens(expiresIn = 3600, scope = 'tenant.1'): Answer {
  let count = 0;
  return (request, response) => {
    count += 1;
    const body = {
      access_token: `token-${count}-0123456789`,
      token_type: 'bearer',
      expires_in: expiresIn,
      scope,
    };
    reply(200, body)(request, response);
  };
}

/**
 * A server that answers by `METHOD /path` (without query string): with the next of the list, the last
 * one for ever. Ends with the test, together with the adapter that talks to it.
 */
export async function stubBilling(
  answers: Readonly<Record<string, Answer | readonly Answer[]>>,
  config: Partial<BillingConfig> = {},
): Promise<{ billing: ConnectedBilling; seen: Seen[]; baseUrl: string; to: (path: string) => Seen[] }> {
  const seen: Seen[] = [];
  const queues = new Map<string, Answer[]>(
    Object.entries({ 'POST /oauth/token': tokens(), ...answers }).map(([key, list]) => [key, [list].flat()]),
  );
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const call = { method, path: url, headers, body: Buffer.concat(parts).toString() };
      seen.push(call);
      const queue = queues.get(`${method} ${url.split('?', 1)[0]}`);
      const answer = (queue !== undefined && queue.length > 1 ? queue.shift() : queue?.[0]) ?? reply(404, {});
      answer(call, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const billing = connectBilling({ baseUrl, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, ...config });
  onTestFinished(async () => {
    await billing.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { billing, seen, baseUrl, to: (path) => seen.filter((call) => call.path.split('?', 1)[0] === path) };
}

/** The error of a call, which must be ours and must not name a secret or a token anywhere. */
export async function failure(call: Promise<unknown>): Promise<RevsyncError> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RevsyncError)) throw new Error('expected a RevsyncError', { cause: error });
  const shown = inspect(error, { depth: 8, showHidden: true }) + JSON.stringify(error);
  for (const secret of [CLIENT_SECRET, CLIENT_ID, '-0123456789']) {
    if (shown.includes(secret)) throw new Error(`the error shows a secret: ${error.code}`);
  }
  return error;
}

import { createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { z } from 'zod';

import type { CallContract } from './call-contract.ts';
import { checkExchange, jsonOf, type Named } from './check-exchange.ts';
import type { SessionRules } from './check-headers.ts';
import { type Exchange, replyText } from './exchange.ts';

export interface RecordingProxy {
  readonly url: string;
  /** What was wrong since the last asking. */
  takeFaults(): string[];
  /** Names of the calls that were made. */
  readonly made: ReadonlySet<string>;
  readonly exchanges: readonly Exchange[];
  stop(): Promise<void>;
}

/** Stands between a client and the sandbox at `target`, passes everything on unchanged and holds it against the contract. */
export async function startRecordingProxy(
  target: string,
  calls: readonly CallContract[],
  rules: SessionRules,
): Promise<RecordingProxy> {
  const named: Named = { results: new Set(), pages: new Set() };
  const made = new Set<string>();
  const exchanges: Exchange[] = [];
  let faults: string[] = [];

  const judge = (exchange: Exchange): void => {
    const verdict = checkExchange(exchange, calls, rules, named);
    if (verdict.call !== null) made.add(verdict.call);
    faults = [...faults, ...verdict.faults];
    exchanges.push(exchange);
    remember(exchange, named);
  };
  const server = createServer((incoming, outgoing) => {
    passOn(incoming, outgoing, target)
      .then(judge)
      .catch((error: unknown) => {
        faults = [...faults, `${incoming.method} ${incoming.url}: was not passed on: ${String(error)}`];
        outgoing.destroy();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeFaults() {
      const taken = faults;
      faults = [];
      return taken;
    },
    made,
    exchanges,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The host of the request stays the proxy's own, so that the addresses in replies lead back to it. */
async function passOn(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: string,
): Promise<Exchange> {
  const { method = 'GET', url = '/', headers } = incoming;
  const requestBody = await buffer(incoming);
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    send(`${target}${url}`, { method, headers, agent: false }, resolve)
      .once('error', reject)
      .end(requestBody);
  });
  const replyBody = await buffer(reply);
  const exchange = {
    method,
    url,
    requestHeaders: singleValues(incoming),
    requestBody: requestBody.toString('utf8'),
    status: reply.statusCode ?? 0,
    replyHeaders: singleValues(reply),
    replyBody,
  };
  const { 'transfer-encoding': _chunked, connection: _theirs, ...kept } = reply.headers;
  outgoing.writeHead(exchange.status, { ...kept, 'content-length': String(replyBody.length) }).end(replyBody);
  return exchange;
}

function singleValues({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

const Addresses = z.object({
  data: z.object({ dataFile: z.url().optional() }).optional().catch(undefined),
  nextPage: z.url().optional().catch(undefined),
});

function remember(exchange: Exchange, { results, pages }: Named): void {
  if (!exchange.replyHeaders['content-type']?.startsWith('application/json')) return;
  const { data, nextPage } = Addresses.safeParse(jsonOf(replyText(exchange))).data ?? {};
  const pathOf = (address: string) => {
    const { pathname, search } = new URL(address);
    return pathname + search;
  };
  if (data?.dataFile !== undefined) results.add(pathOf(data.dataFile));
  if (nextPage !== undefined) pages.add(pathOf(nextPage));
}

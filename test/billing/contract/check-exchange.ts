import type { z } from 'zod';

import { type CallContract, pathOf, type Query, type Refusal } from './call-contract.ts';
import { replyHeaderFaults, requestHeaderFaults, type SessionRules } from './check-headers.ts';
import { RESULT_FILE } from './calls/files.ts';
import { type Exchange, replyText, typeOf } from './exchange.ts';

/** An exchange held against the contract. */
export interface Verdict {
  /** The contract's name of the call; null where it knows none. */
  readonly call: string | null;
  /** Where something is wrong, and what: `POST /v1/batch-query/ request queries.0.deleted: ...`. */
  readonly faults: readonly string[];
}

/** What replies have named so far: addresses of results and of next pages, which are followed as they are. */
export interface Named {
  readonly results: Set<string>;
  readonly pages: Set<string>;
}

/** Finds the call that an exchange is, and everything in it that is not as the contract says. */
export function checkExchange(
  exchange: Exchange,
  calls: readonly CallContract[],
  rules: SessionRules,
  named: Named,
): Verdict {
  const [path = ''] = exchange.url.split('?', 1);
  const call = callOf(exchange, calls, named);
  if (call === undefined) {
    return { call: null, faults: [`${exchange.method} ${path}: is no call of the contract`] };
  }
  const faults = [
    ...queryFaults(call, exchange, named).map((fault) => `query ${fault}`),
    ...requestHeaderFaults(call, exchange, rules).map((fault) => `request ${fault}`),
    ...requestFaults(call, exchange).map((fault) => `request ${fault}`),
    ...replyHeaderFaults(call, exchange).map((fault) => `reply ${fault}`),
    ...replyFaults(call, exchange).map((fault) => `reply ${fault}`),
  ];
  return { call: call.name, faults: faults.map((fault) => `${call.name} ${fault}`) };
}

function callOf(
  { method, url }: Exchange,
  calls: readonly CallContract[],
  { results }: Named,
): CallContract | undefined {
  if (results.has(url)) return RESULT_FILE;
  const [path = ''] = url.split('?', 1);
  // A name without variable parts is meant before one with.
  const byName = calls.find(({ name }) => name === `${method} ${path}`);
  const matches = (call: CallContract) => {
    const wanted = pathOf(call);
    return wanted.method === method && wanted.pattern.test(path);
  };
  return byName ?? calls.find(matches);
}

function queryFaults(call: CallContract, { url }: Exchange, { pages }: Named): string[] {
  if (call === RESULT_FILE) return [];
  const parameters = new URL(url, 'http://host').searchParams;
  const query: Query = Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name)]),
  );
  const invented = parameters.has('page') && parameters.get('page') !== '1' && !pages.has(url);
  return [
    ...(invented ? ['page: is not the next page that a reply has named'] : []),
    ...(call.query === undefined
      ? Object.keys(query).map((name) => `${name}: is not a parameter`)
      : faultsOf(call.query, query)),
  ];
}

function requestFaults({ request }: CallContract, { requestBody }: Exchange): string[] {
  if (request === null) return requestBody === '' ? [] : ['body: is not empty'];
  if (request.type !== 'application/x-www-form-urlencoded') {
    return faultsOf(request.body, jsonOf(requestBody));
  }
  const form = new URLSearchParams(requestBody);
  return faultsOf(
    request.body,
    Object.fromEntries([...new Set(form.keys())].map((name) => [name, form.getAll(name)])),
  );
}

function replyFaults(call: CallContract, exchange: Exchange): string[] {
  const refusal = refusalOf(call, exchange);
  if (refusal !== null) return refusal;
  const { success } = call;
  if (exchange.status !== 200) return [`status: is ${exchange.status}, with no refusal that the call has`];
  const type = typeOf(exchange.replyHeaders);
  switch (success.kind) {
    case 'file':
      return /^(text\/(csv|plain|tab-separated-values)|application\/(zip|gzip|x-ndjson))$/.test(type)
        ? []
        : [`type: is ${type}`];
    case 'xml':
      return type === 'text/xml' ? faultsOf(success.body, replyText(exchange)) : [`type: is ${type}`];
    case 'json':
      return type === 'application/json'
        ? faultsOf(success.body, jsonOf(replyText(exchange)))
        : [`type: is ${type}`];
  }
}

/** Null where the reply is no refusal; else what is wrong with it, which is nothing where a family fits. */
function refusalOf({ refusals }: CallContract, exchange: Exchange): string[] | null {
  const type = typeOf(exchange.replyHeaders);
  const kind = type === 'application/json' ? 'json' : type.endsWith('xml') ? 'xml' : 'file';
  const text = kind === 'file' ? '' : replyText(exchange);
  const body = kind === 'json' ? jsonOf(text) : text;
  const fits = (refusal: Refusal) =>
    refusal.kind === kind &&
    refusal.statuses.includes(exchange.status) &&
    refusal.body.safeParse(body).success;
  if (refusals.some(fits)) return [];
  if (exchange.status === 200) return null;
  return [
    `${exchange.status} body: is of none of ${refusals.map(({ name }) => name).join(', ')}: ${text.slice(0, 200)}`,
  ];
}

function faultsOf(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

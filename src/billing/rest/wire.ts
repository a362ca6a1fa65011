import { Agent, type Dispatcher } from 'undici';

import { RevsyncError } from '../../domain/errors.ts';
import type { Call } from './call.ts';
import type { Clock } from './clock.ts';
import { brokenConnection } from './connection-error.ts';

export interface Timeouts {
  /** Milliseconds until the TCP and TLS connection must stand. */
  readonly connect: number;
  /** Milliseconds until the head of the reply must be there; Zuora ends a call at 120 s itself. */
  readonly headers: number;
  /** Milliseconds without a byte while we are ready to read. */
  readonly idle: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { connect: 10_000, headers: 120_000, idle: 120_000 };

/** The head of a reply, its body still on the wire. Whoever gets one reads or destroys the body. */
export interface OpenReply {
  readonly call: Call;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Dispatcher.ResponseData['body'];
}

export interface Wire {
  readonly host: string;
  /** Throws `BILLING_UNREACHABLE`, or the reason of the call's signal; any status is an answer. */
  send(call: Call): Promise<OpenReply>;
  /**
   * GETs an address that a reply named, on whatever host, with the headers of the call alone. Such an
   * address lets anybody in: errors have the call's path in its stead. No call of the API, so no limit counts it.
   */
  download(address: string, call: Call): Promise<OpenReply>;
  /**
   * Milliseconds since 1970 on Billing's clock now, by the `Date` of the newest reply to `send` and the time since;
   * null before any. Up to a second early, since `Date` has whole seconds.
   */
  serverTime(): number | null;
  /** Breaks what is still open. */
  close(): Promise<void>;
}

/** The one place that opens connections: a pool for one base URL, with time limits and no redirects. */
export function createWire(baseUrl: string, timeouts: Timeouts, clock: Pick<Clock, 'now'>): Wire {
  const base = parseBaseUrl(baseUrl);
  let heard: { readonly date: number; readonly at: number } | null = null;
  const agent = new Agent({
    connect: { timeout: timeouts.connect },
    headersTimeout: timeouts.headers,
    bodyTimeout: timeouts.idle,
  });

  return {
    host: base.host,
    async send(call) {
      const path = base.pathname.replace(/\/+$/, '') + call.path;
      const reply = await request(agent, { host: base.host, origin: base.origin, path }, call);
      const date = Date.parse(reply.headers['date'] ?? '');
      if (!Number.isNaN(date)) heard = { date, at: clock.now() };
      return reply;
    },
    async download(address, call) {
      const { host, origin, pathname, search } = parseAddress(address, base, call);
      return request(agent, { host, origin, path: pathname + search }, call);
    },
    serverTime: () => (heard === null ? null : Math.floor(heard.date + clock.now() - heard.at)),
    close: () => agent.destroy(),
  };
}

async function request(
  agent: Agent,
  { host, origin, path }: { host: string; origin: string; path: string },
  call: Call,
): Promise<OpenReply> {
  try {
    const { statusCode, headers, body } = await agent.request({
      origin,
      path,
      method: call.method,
      headers: call.headers ?? {},
      body: call.body ?? null,
      signal: call.signal ?? null,
    });
    // undici reports a body that we give up as an error, which nobody listens for then.
    body.on('error', () => {});
    return { call, status: statusCode, headers: singleValues(headers), body };
  } catch (error) {
    throw brokenConnection(error, { host, call });
  }
}

/** What came over TLS is not fetched without. */
function parseAddress(address: string, base: URL, call: Call): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url !== null && (url.protocol === 'https:' || url.protocol === base.protocol)) return url;
  throw new RevsyncError('Zuora Billing named an address for a file that is no https URL', {
    code: 'BILLING_REPLY_UNEXPECTED',
    fate: 'bug',
    remedy: 'Report this: the API answers otherwise than its contract says.',
    context: { method: call.method, path: call.path },
  });
}

/** Zuora has a dozen data centres, so the base URL is free; what could leak or never work is not. */
function parseBaseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const usable = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (usable) return url;
  throw new RevsyncError('The address of Zuora Billing is not an http(s) URL without user and password', {
    code: 'BILLING_URL_INVALID',
    fate: 'fix-input',
    remedy:
      'Set ZUORA_BASE_URL to the REST endpoint of your data centre, for example https://rest.zuora.com.',
  });
}

function singleValues(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value[0] : value,
    ]),
  );
}

import { Agent, type Dispatcher } from 'undici';

import { RevsyncError } from '../../domain/errors.ts';
import type { Call } from './call.ts';
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
  /** Breaks what is still open. */
  close(): Promise<void>;
}

/** The one place that opens connections: a pool for one base URL, with time limits and no redirects. */
export function createWire(baseUrl: string, timeouts: Timeouts): Wire {
  const base = parseBaseUrl(baseUrl);
  const agent = new Agent({
    connect: { timeout: timeouts.connect },
    headersTimeout: timeouts.headers,
    bodyTimeout: timeouts.idle,
  });

  return {
    host: base.host,
    async send(call) {
      try {
        const { statusCode, headers, body } = await agent.request({
          origin: base.origin,
          path: base.pathname.replace(/\/+$/, '') + call.path,
          method: call.method,
          headers: call.headers ?? {},
          body: call.body ?? null,
          signal: call.signal ?? null,
        });
        // undici reports a body that we give up as an error, which nobody listens for then.
        body.on('error', () => {});
        return { call, status: statusCode, headers: singleValues(headers), body };
      } catch (error) {
        throw brokenConnection(error, { host: base.host, call });
      }
    },
    close: () => agent.destroy(),
  };
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

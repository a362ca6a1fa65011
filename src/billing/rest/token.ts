import { z } from 'zod';

import { RevsyncError } from '../../domain/errors.ts';
import { failureOf } from './failure.ts';
import { contextOf, fit } from './reply.ts';
import type { BudgetedWire } from './within-budget.ts';

export interface TokenSource {
  /** A token good for at least a minute; signs in when there is none. One sign-in serves all who wait. */
  current(): Promise<string>;
  /** Another token than the refused one; signs in unless somebody already did. */
  instead(refused: string): Promise<string>;
  /** Signs in now, whatever is at hand. */
  renew(): Promise<string>;
  /**
   * The token was not enough for a call. A token reaches what the user could when it was made, so one that is a
   * minute old is not used again: whoever got a permission meanwhile shall not wait for an hour to have it.
   */
  doubt(lacking: string): void;
  /** Ids of the entities that the token reaches, as its scope names them; empty where it names none. */
  readonly entityIds: () => readonly string[];
}

const MARGIN = 60_000;

const TokenReply = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive(),
  scope: z.string().nullish(),
});

interface Token {
  readonly value: string;
  /** Milliseconds on the caller's clock, as all here. */
  readonly madeAt: number;
  readonly renewAt: number;
  readonly entities: readonly string[];
}

interface Client {
  readonly host: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * OAuth by client credentials (wire.md 2.1): reused until a minute before its end, because the call is
 * limited to 100 a minute and IP address. Throws `BILLING_CREDENTIALS_REFUSED`, `BILLING_RATE_LIMITED`,
 * `BILLING_BUSY`, `BILLING_UNREACHABLE`.
 */
export function createTokenSource(
  wire: BudgetedWire,
  { host, clientId, clientSecret, now }: Client,
): TokenSource {
  let token: Token | null = null;
  let signingIn: Promise<Token> | null = null;

  async function renew(): Promise<string> {
    signingIn ??= signIn(wire, { host, clientId, clientSecret, now }).finally(() => {
      signingIn = null;
    });
    token = await signingIn;
    return token.value;
  }

  return {
    renew,
    current: async () => (token !== null && now() < token.renewAt ? token.value : renew()),
    instead: async (refused) => (token !== null && token.value !== refused ? token.value : renew()),
    doubt(lacking) {
      if (token === null || token.value !== lacking) return;
      token = { ...token, renewAt: Math.min(token.renewAt, token.madeAt + MARGIN) };
    },
    entityIds: () => token?.entities ?? [],
  };
}

async function signIn(wire: BudgetedWire, { host, clientId, clientSecret, now }: Client): Promise<Token> {
  const body = new URLSearchParams({
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: 'client_credentials',
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const asked = now();
  const { reply, body: json } = await wire.read({ method: 'POST', path: '/oauth/token', headers, body });

  if ([400, 401, 403].includes(reply.status)) {
    throw new RevsyncError(`Zuora Billing at ${host} refused the client credentials`, {
      code: 'BILLING_CREDENTIALS_REFUSED',
      fate: 'fix-input',
      remedy:
        'Check ZUORA_CLIENT_ID and ZUORA_CLIENT_SECRET, and that they belong to the tenant at ZUORA_BASE_URL.',
      context: contextOf(reply),
    });
  }
  // The text of a refused sign-in may repeat what was sent, so it is never shown.
  const failure = failureOf(reply, json, () => '');
  if (failure !== null) throw failure;
  const { access_token: value, expires_in: seconds, scope } = fit(TokenReply, json, reply);
  const lifetime = seconds * 1000;
  return {
    value,
    madeAt: asked,
    renewAt: asked + lifetime - Math.min(MARGIN, lifetime / 2),
    entities: [...(scope ?? '').matchAll(/(?<!\S)entity\.(\S+)/g)].map(([, id = '']) => id),
  };
}

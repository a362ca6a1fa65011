import { randomBytes, randomUUID } from 'node:crypto';

import { type Reply, json } from './replies.ts';

/** The credentials of every sandbox: there is nothing to protect. */
export const SANDBOX_CLIENT = { id: 'sandbox', secret: 'sandbox' };

/** Ids of clients are of this form, and Zuora's own SDK sends no other: any will do. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const LIFETIME_SECONDS = 3599;
const MINUTE = 60_000;
/** Zuora's of a tenant; that of an address, 100, would trip tests that start many programs. */
const SIGN_INS_A_MINUTE = 2000;

interface Token {
  readonly expires: number;
  /** Ids of the entities that it is good for. */
  readonly entities: readonly string[];
}

export interface OAuth {
  /** `POST /oauth/token` with its form-encoded body. */
  signIn(body: string, contentType: string, entity: string | undefined): Reply;
  /** The token of a call's headers while it is good; the older pair of access keys is as good as one. */
  tokenOf(headers: Readonly<Record<string, string | undefined>>): Token | undefined;
  /** All tokens end now. */
  revokeAll(): void;
  /** From now on the credentials are good for these entities only. */
  grant(entities: readonly string[]): void;
}

/** Sign-in as Zuora has it (wire.md 2.1); `entities` is empty without Multi-entity. */
export function createOAuth(entities: readonly string[], now: () => number): OAuth {
  const tokens = new Map<string, Token>();
  const meter = signInMeter(now);
  let allowed = entities;

  return {
    signIn(body, contentType, entity) {
      const { headers, isOver } = meter();
      if (isOver) return refused(429, 'Too Many Requests', 'too many tokens within a minute', headers);
      const refusal = refusalOf(body, contentType, headers);
      if (refusal !== undefined) return refusal;
      if (entity !== undefined && !allowed.includes(entity)) {
        return refused(400, 'Bad Request', 'the client has no access to that entity', headers);
      }
      for (const [value, { expires }] of tokens) if (expires <= now()) tokens.delete(value);
      const token = randomBytes(16).toString('hex');
      const granted = entity === undefined ? allowed : [entity];
      tokens.set(token, { expires: now() + LIFETIME_SECONDS * 1000, entities: granted });
      const body200 = { access_token: token, token_type: 'bearer', expires_in: LIFETIME_SECONDS };
      return json({ ...body200, scope: scopeOf(granted), jti: randomUUID() }, 200, headers);
    },
    tokenOf(headers) {
      const value = /^Bearer (\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
      const token = value === undefined ? undefined : tokens.get(value);
      if (token !== undefined && token.expires > now()) {
        return { ...token, entities: token.entities.filter((entity) => allowed.includes(entity)) };
      }
      const { apiaccesskeyid: id, apisecretaccesskey: secret } = headers;
      const isKeys = id === SANDBOX_CLIENT.id && secret === SANDBOX_CLIENT.secret;
      return isKeys ? { expires: Number.POSITIVE_INFINITY, entities: allowed } : undefined;
    },
    revokeAll: () => tokens.clear(),
    grant(granted) {
      allowed = granted;
    },
  };
}

/** What is wrong with the form, if anything is. */
function refusalOf(
  body: string,
  contentType: string,
  headers: Readonly<Record<string, string>>,
): Reply | undefined {
  if (!/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
    return refused(415, 'Unsupported Media Type', 'the body must be form-encoded', headers);
  }
  const form = new URLSearchParams(body);
  if (form.get('grant_type') !== 'client_credentials') {
    return refused(400, 'Bad Request', 'grant_type must be client_credentials', headers);
  }
  const id = form.get('client_id') ?? '';
  const isKnown = id === SANDBOX_CLIENT.id || UUID.test(id);
  if (isKnown && form.get('client_secret') === SANDBOX_CLIENT.secret) return undefined;
  return refused(401, 'Unauthorized', 'Invalid client id or client secret', headers);
}

/** Counts sign-ins: their limit is another one than that of calls. */
function signInMeter(now: () => number): () => { headers: Record<string, string>; isOver: boolean } {
  let since = now();
  let count = 0;
  return () => {
    if (now() - since >= MINUTE) [since, count] = [now(), 0];
    count += 1;
    const headers = {
      'X-RateLimit-Limit-minute': String(SIGN_INS_A_MINUTE),
      'X-RateLimit-Remaining-minute': String(Math.max(0, SIGN_INS_A_MINUTE - count)),
    };
    return { headers, isOver: count > SIGN_INS_A_MINUTE };
  };
}

/** The scope of a token; a tenant without Multi-entity is one entity. */
function scopeOf(granted: readonly string[]): string {
  const entities = granted.map(
    (id) => `entity.${id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`,
  );
  const scope = granted.length === 0 ? ['entity.00000000-0000-0000-0000-000000000001'] : entities;
  return ['user.sandbox', ...scope, 'tenant.1'].join(' ');
}

function refused(
  status: number,
  error: string,
  message: string,
  headers: Readonly<Record<string, string>>,
): Reply {
  return json({ status, error, message, path: '/oauth/token' }, status, headers);
}

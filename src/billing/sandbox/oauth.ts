import { randomBytes, randomUUID } from 'node:crypto';

import { type Reply, json } from './replies.ts';

/** The credentials of every sandbox: there is nothing to protect. */
export const SANDBOX_CLIENT = { id: 'sandbox', secret: 'sandbox' };

const LIFETIME_SECONDS = 3599;

interface Token {
  readonly expires: number;
  /** Ids of the entities that it is good for. */
  readonly entities: readonly string[];
}

export interface OAuth {
  /** `POST /oauth/token` with its form-encoded body. */
  signIn(body: string, contentType: string, entity: string | undefined): Reply;
  /** The token of an `Authorization` header while it is good. */
  tokenOf(authorization: string | undefined): Token | undefined;
  /** All tokens end now. */
  revokeAll(): void;
}

/** Sign-in as Zuora has it (wire.md 2.1); `entities` is empty without Multi-entity. */
export function createOAuth(entities: readonly string[], now: () => number): OAuth {
  const tokens = new Map<string, Token>();

  return {
    signIn(body, contentType, entity) {
      if (!/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
        return refused(415, 'Unsupported Media Type', 'the body must be form-encoded');
      }
      const form = new URLSearchParams(body);
      if (form.get('grant_type') !== 'client_credentials') {
        return refused(400, 'Bad Request', 'grant_type must be client_credentials');
      }
      const { id, secret } = SANDBOX_CLIENT;
      if (form.get('client_id') !== id || form.get('client_secret') !== secret) {
        return refused(401, 'Unauthorized', 'Invalid client id or client secret');
      }
      if (entity !== undefined && !entities.includes(entity)) {
        return refused(400, 'Bad Request', 'the client has no access to that entity');
      }
      for (const [value, { expires }] of tokens) if (expires <= now()) tokens.delete(value);
      const token = randomBytes(16).toString('hex');
      const granted = entity === undefined ? entities : [entity];
      tokens.set(token, { expires: now() + LIFETIME_SECONDS * 1000, entities: granted });
      const scope =
        granted.length === 0 ? ['entity.00000000-0000-0000-0000-000000000001'] : granted.map(scopeOf);
      return json(
        {
          access_token: token,
          token_type: 'bearer',
          expires_in: LIFETIME_SECONDS,
          scope: ['user.sandbox', ...scope, 'tenant.1'].join(' '),
          jti: randomUUID(),
        },
        200,
        { 'X-RateLimit-Limit-minute': '2000', 'X-RateLimit-Remaining-minute': '1999' },
      );
    },
    tokenOf(authorization) {
      const value = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      const token = value === undefined ? undefined : tokens.get(value);
      return token !== undefined && token.expires > now() ? token : undefined;
    },
    revokeAll: () => tokens.clear(),
  };
}

function scopeOf(id: string): string {
  return `entity.${id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
}

function refused(status: number, error: string, message: string): Reply {
  return json({ status, error, message, path: '/oauth/token' }, status);
}

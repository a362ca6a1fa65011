import { z } from 'zod';

import { type CallContract, once } from '../call-contract.ts';
import { SIGN_IN } from '../refusals.ts';

/** Sign-in (wire.md 2.1): the form has its three fields and no more, and no token is sent to get one. */
export const TOKEN: CallContract = {
  name: 'POST /oauth/token',
  access: 'open',
  request: {
    type: 'application/x-www-form-urlencoded',
    body: z.strictObject({
      client_id: once(z.string().min(1).max(36)),
      client_secret: once(z.string().min(1).max(42)),
      grant_type: once(z.literal('client_credentials')),
    }),
  },
  success: {
    kind: 'json',
    body: z.strictObject({
      access_token: z.string().min(1),
      token_type: z.literal('bearer'),
      expires_in: z.number().int().positive(),
      jti: z.string(),
      scope: z.string().regex(/^user\.\S+( entity\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})+ tenant\.\d+$/),
    }),
  },
  refusals: [SIGN_IN],
  replyHeaders: ['zuora-request-id', 'x-ratelimit-limit-minute', 'x-ratelimit-remaining-minute'],
};

import { z } from 'zod';

import { type CallContract, Id } from '../call-contract.ts';
import { CONCURRENCY_HEADERS, V1 } from '../refusals.ts';

/** Ids have no hyphens here, while the header that takes them has; the root's parent is null. */
const Entity = z.strictObject({
  id: Id,
  name: z.string().min(1),
  displayName: z.string().min(1),
  locale: z.string(),
  timezone: z.string(),
  status: z.enum(['Provisioned', 'Unprovisioned']),
  parentId: Id.nullable(),
  tenantId: z.string(),
});

export const ENTITIES: CallContract = {
  name: 'GET /v1/entities',
  access: 'token',
  entity: 'optional',
  request: null,
  success: {
    kind: 'json',
    body: z.strictObject({ entities: z.array(Entity).min(1), success: z.literal(true) }),
  },
  refusals: [V1],
  replyHeaders: CONCURRENCY_HEADERS,
};

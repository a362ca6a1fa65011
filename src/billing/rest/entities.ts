import { z } from 'zod';

import { RevsyncError } from '../../domain/errors.ts';
import type { BillingEntity } from '../port.ts';
import { fit } from './reply.ts';
import type { Session } from './session.ts';
import { readHomeCurrency } from './settings.ts';

const Text = z.string().nullish();
const Entities = z.object({
  entities: z
    .array(
      z.object({
        id: z.string().min(1),
        name: z.string(),
        displayName: Text,
        timezone: Text,
        status: Text,
        parentId: Text,
      }),
    )
    .nullish(),
});
type Listed = NonNullable<z.infer<typeof Entities>['entities']>[number];

/** A call that only a Multi-entity tenant answers is refused with one of these by every other. */
const NOT_MULTI_ENTITY = new Set(['BILLING_REQUEST_REFUSED', 'BILLING_PERMISSION_MISSING']);

/**
 * `GET /v1/entities` (wire.md 2.5), parents first, each with its own home currency. Empty without
 * Multi-entity; a refusal is an error all the same when the token's scope names several entities.
 */
export async function listEntities(
  session: Session,
  { forEntity, entityCount }: { forEntity: (id: string) => Session; entityCount: () => number },
): Promise<readonly BillingEntity[]> {
  const listed = await list(session).catch((error: unknown) => {
    const notMultiEntity = error instanceof RevsyncError && NOT_MULTI_ENTITY.has(error.code);
    if (notMultiEntity && entityCount() < 2) return [];
    throw error;
  });

  const entities: BillingEntity[] = [];
  for (const { id, name, displayName, timezone, parentId } of parentsFirst(listed)) {
    entities.push({
      id,
      name,
      displayName: displayName || name,
      parentId: parentId || null,
      timezone: timezone || null,
      homeCurrency: await readHomeCurrency(forEntity(id)),
    });
  }
  return entities;
}

async function list(session: Session): Promise<readonly Listed[]> {
  const { reply, body } = await session.json({ method: 'GET', path: '/v1/entities' });
  const listed = fit(Entities, body, reply).entities ?? [];
  return listed.filter(({ status }) => status?.toLowerCase() !== 'unprovisioned');
}

/** Billing's order, but nobody before the parent; a parent that is not listed, or a loop, holds nobody up. */
function parentsFirst(listed: readonly Listed[]): readonly Listed[] {
  const byId = new Map(listed.map((entity) => [entity.id, entity]));
  const sorted = new Set<Listed>();
  const place = (entity: Listed, below: readonly Listed[]) => {
    const parent = byId.get(entity.parentId ?? '');
    if (parent !== undefined && !below.includes(parent)) place(parent, [...below, entity]);
    sorted.add(entity);
  };
  for (const entity of listed) place(entity, [entity]);
  return [...sorted];
}

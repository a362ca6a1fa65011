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

const PATH = '/v1/entities';

/** A call that only a Multi-entity tenant answers is refused with one of these by every other. */
const NOT_MULTI_ENTITY = new Set(['BILLING_REQUEST_REFUSED', 'BILLING_PERMISSION_MISSING']);
/** Category 60 (wire.md 2.6): Billing broke, which says nothing about the tenant. */
const INTERNAL = /^\d{6}60$/;

/**
 * `GET /v1/entities` (wire.md 2.5), parents first, each with its own home currency. Empty without
 * Multi-entity; a refusal is an error all the same when the token's scope names several entities.
 */
export async function listEntities(
  session: Session,
  { forEntity, entityIds }: { forEntity: (id: string) => Session; entityIds: () => readonly string[] },
): Promise<readonly BillingEntity[]> {
  const listed = await list(session).catch(async (error: unknown) => {
    if (!saysNotMultiEntity(error)) throw error;
    return entityIds().length < 2 ? [] : listAsOneOf(entityIds().map(forEntity), error);
  });

  const entities: BillingEntity[] = [];
  for (const { id, name, displayName, timezone, parentId } of parentsFirst(listed)) {
    const homeCurrency = await homeCurrencyOf(forEntity(id));
    entities.push({
      id,
      name,
      displayName: displayName || name,
      parentId: parentId || null,
      timezone: timezone || null,
      homeCurrency: homeCurrency ?? null,
      readable: homeCurrency !== undefined,
    });
  }
  return entities;
}

/**
 * With a token for several entities a call has to name one (wire.md 2.1), and whether this one, which is about the
 * tenant, does too is nowhere told; nor which entity may list the others.
 */
async function listAsOneOf(sessions: readonly Session[], refusal: unknown): Promise<readonly Listed[]> {
  for (const session of sessions) {
    const listed = await list(session).catch((error: unknown) => {
      if (!saysNotMultiEntity(error)) throw error;
      return null;
    });
    if (listed !== null) return listed;
  }
  throw refusal;
}

/** Undefined where it may not be read: every user of the tenant may list all entities, the others too. */
async function homeCurrencyOf(session: Session): Promise<string | null | undefined> {
  return readHomeCurrency(session).catch((error: unknown) => {
    if (error instanceof RevsyncError && error.code === 'BILLING_PERMISSION_MISSING') return undefined;
    throw error;
  });
}

/** A refused sign-in, on the way to the call, says nothing either. */
function saysNotMultiEntity(error: unknown): boolean {
  if (!(error instanceof RevsyncError) || !NOT_MULTI_ENTITY.has(error.code)) return false;
  const { path, zuoraCode = '' } = error.context;
  return path === PATH && !INTERNAL.test(String(zuoraCode));
}

async function list(session: Session): Promise<readonly Listed[]> {
  const { reply, body } = await session.json({ method: 'GET', path: PATH });
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

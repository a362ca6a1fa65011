import { sql } from 'kysely';

import { RevsyncError } from '../domain/errors.ts';
import { keyBeside } from '../domain/tenancy/naming.ts';
import type { TenantEntity } from '../domain/tenancy/records.ts';
import type { PriceSource } from '../../schema/database.ts';
import type { Db } from './database.ts';
import { dayOf } from './settlement/switch-over.ts';

/** An entity as revsync knows it, with the organisation its lines belong to. */
export interface KnownEntity {
  readonly entity: string;
  readonly org: string;
  readonly billingId: string | null;
  readonly displayName: string;
}

/**
 * Records the tenant's entities and their organisations; answers them under the keys they are known by. An organisation
 * once chosen for an entity stays; so does a home currency, which Billing never lets change either (enablement step 3),
 * and the key of an entity whose display name changes: everything it has is kept under that key. What is as it was is
 * not written.
 */
export async function recordEntities(db: Db, billed: readonly TenantEntity[]): Promise<TenantEntity[]> {
  if (billed.length === 0) return [];
  return db.transaction().execute(async (trx) => {
    // First runs of several entities come at once: a key and a Billing id are each unique, and an upsert minds one of them.
    await sql`select pg_advisory_xact_lock(hashtext('control.entity'))`.execute(trx);
    return recordAlone(trx, billed);
  });
}

async function recordAlone(db: Db, billed: readonly TenantEntity[]): Promise<TenantEntity[]> {
  const entities = await underKnownKeys(db, billed);
  await db
    .insertInto('control.organization')
    .values(entities.map(({ org, displayName }) => ({ org, name: displayName })))
    .onConflict((conflict) => conflict.column('org').doNothing())
    .execute();
  await db
    .insertInto('control.entity')
    .values(
      // In key order, as whoever maps them locks them.
      entities.toSorted(byKey).map((each) => ({
        entity: each.entity,
        org: each.org,
        billing_id: each.billingId,
        entity_name: each.entityName,
        display_name: each.displayName,
        parent: each.parent,
        timezone: each.timezone,
        home_currency: each.homeCurrency,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .column('entity')
        .doUpdateSet({
          billing_id: sql`excluded.billing_id`,
          entity_name: sql`excluded.entity_name`,
          display_name: sql`excluded.display_name`,
          timezone: sql`excluded.timezone`,
          home_currency: sql`coalesce(entity.home_currency, excluded.home_currency)`,
        })
        .where(
          sql<boolean>`(entity.billing_id, entity.entity_name, entity.display_name, entity.timezone, entity.home_currency)
            is distinct from (excluded.billing_id, excluded.entity_name, excluded.display_name, excluded.timezone,
              coalesce(entity.home_currency, excluded.home_currency))`,
        ),
    )
    .execute();
  return entities;
}

const byKey = (one: TenantEntity, other: TenantEntity): number => (one.entity < other.entity ? -1 : 1);

async function underKnownKeys(db: Db, billed: readonly TenantEntity[]): Promise<TenantEntity[]> {
  const known = await db.selectFrom('control.entity').select(['entity', 'org', 'billing_id']).execute();
  const byBillingId = new Map(
    known.flatMap((row) => (row.billing_id === null ? [] : [[row.billing_id, row]])),
  );
  // Without Multi-entity there is no id, and the key is the tenant's.
  const unnumbered = new Map(known.flatMap((row) => (row.billing_id === null ? [[row.entity, row]] : [])));
  const knownAs = ({ entity, billingId }: TenantEntity) =>
    billingId === null ? unnumbered.get(entity) : byBillingId.get(billingId);
  const taken = new Set(known.map(({ entity }) => entity));
  const keyOf = new Map(
    billed.map((each) => {
      const { entity, billingId } = each;
      const free = billingId !== null && taken.has(entity) ? keyBeside(entity, billingId) : entity;
      return [entity, knownAs(each)?.entity ?? free];
    }),
  );
  return billed.map((each) => ({
    ...each,
    entity: keyOf.get(each.entity) ?? each.entity,
    org: knownAs(each)?.org ?? (each.org === each.entity ? keyOf.get(each.entity) : each.org) ?? each.org,
    parent: each.parent === null ? null : (keyOf.get(each.parent) ?? each.parent),
  }));
}

/** Every entity, in key order. */
export async function listEntities(db: Db): Promise<KnownEntity[]> {
  return db
    .selectFrom('control.entity')
    .select(['entity', 'org', 'billing_id as billingId', 'display_name as displayName'])
    .orderBy('entity')
    .execute();
}

/**
 * The entity named by key, Billing id or display name.
 *
 * @throws RevsyncError `ENTITY_UNKNOWN`, which lists those there are
 */
export async function findEntity(db: Db, name: string): Promise<KnownEntity> {
  const entities = await listEntities(db);
  const found = entities.find(
    ({ entity, billingId, displayName }) => entity === name || billingId === name || displayName === name,
  );
  if (found !== undefined) return found;
  const known = entities.map(({ entity }) => entity).join(', ') || 'none yet';
  throw new RevsyncError(`There is no entity "${name}" (known: ${known}).`, {
    code: 'ENTITY_UNKNOWN',
    fate: 'fix-input',
    remedy: 'Name one of the known entities by its key, its Billing id or its display name.',
  });
}

/** The entity's id in Billing; null without Multi-entity. */
export async function billingIdOf(db: Db, entity: string): Promise<string | null> {
  const row = await db
    .selectFrom('control.entity')
    .select('billing_id')
    .where('entity', '=', entity)
    .executeTakeFirst();
  return row?.billing_id ?? null;
}

/** Remembers where the contractual values of an entity's charges come from. */
export async function rememberPriceSource(db: Db, entity: string, source: PriceSource): Promise<void> {
  await db
    .updateTable('control.entity')
    .set({ price_source: source })
    .where('entity', '=', entity)
    .where('price_source', 'is distinct from', source)
    .execute();
}

/**
 * Remembers whether an entity has Invoice Settlement. Billing never turns it off again: an entity that had it once
 * keeps it, whatever the credentials may not see for a while. Where adjustments came before, memos take over on the
 * day of `at`.
 */
export async function rememberInvoiceSettlement(
  db: Db,
  entity: string,
  on: boolean,
  at = 'now',
): Promise<void> {
  await db
    .updateTable('control.entity')
    .set({
      invoice_settlement: on,
      settled_on: sql<
        string | null
      >`case when ${on} and not invoice_settlement then ${dayOf(at)} else settled_on end`,
    })
    .where('entity', '=', entity)
    .where('invoice_settlement', 'is distinct from', on)
    .where('invoice_settlement', 'is distinct from', true)
    .execute();
}

/** Whether an entity has Invoice Settlement; null until a run has seen which objects Billing exports. */
export async function invoiceSettlementOf(db: Db, entity: string): Promise<boolean | null> {
  const row = await db
    .selectFrom('control.entity')
    .select('invoice_settlement')
    .where('entity', '=', entity)
    .executeTakeFirst();
  return row?.invoice_settlement ?? null;
}

/** Every organisation, in key order. */
export async function listOrganizations(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('control.organization').select('org').orderBy('org').execute();
  return rows.map(({ org }) => org);
}

import { type RawBuilder, sql } from 'kysely';

import type { TenantEntity } from '../../domain/tenancy/records.ts';
import type { Db } from '../database.ts';
import { isForgettable } from '../readiness/readiness-run.ts';

/** Every entity with all that is recorded of it, in key order; a parent is named to those who see it. */
export async function entityRecords(db: Db): Promise<TenantEntity[]> {
  return db
    .selectFrom('control.entity as e')
    .leftJoin('control.entity as p', 'p.entity', 'e.parent')
    .select([
      'e.entity',
      'e.org',
      'e.billing_id as billingId',
      'e.entity_name as entityName',
      'e.display_name as displayName',
      'p.entity as parent',
      'e.timezone',
      'e.home_currency as homeCurrency',
    ])
    .orderBy('e.entity')
    .execute();
}

/** What names an entity and its organisation and yet keeps nothing in it: audits, and what moves along. */
const KEEPS_NOTHING = ['control.entity', 'control.setting_change', 'control.billing_setting'];

/** Which tables hold something that entities have under their organisations, by entity. */
export async function keptOfEntities(db: Db): Promise<ReadonlyMap<string, readonly string[]>> {
  const tables = await tablesOfEntities(db);
  const { rows } = await sql<{ entity: string; kept: string[] }>`
    select e.entity, array_agg(k.name order by k.name) as kept
    from control.entity as e
    cross join lateral (${sql.join(
      tables.map(
        (name) =>
          sql`(select ${name}::text as name from ${sql.table(name)} as t where t.entity = e.entity and ${isKept(name)} limit 1)`,
      ),
      sql` union all `,
    )}) as k
    group by e.entity`.execute(db);
  return new Map(rows.map(({ entity, kept }) => [entity, kept]));
}

/** What readiness loaded of an entity that no sync had before goes when the entity moves (`forgetReadiness`). */
const isKept = (table: string): RawBuilder<unknown> =>
  table === 'control.run' || table.startsWith('prestaging.')
    ? sql`exists (select from control.run as r where r.entity = e.entity and not ${isForgettable('r')})`
    : sql`true`;

/** Every table with rows of an entity under an organisation, those of later migrations too. */
async function tablesOfEntities(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select n.nspname || '.' || c.relname as name
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('control', 'prestaging', 'staging', 'revenue') and c.relkind in ('r', 'p') and not c.relispartition
      and 2 = (select count(*) from pg_attribute as a where a.attrelid = c.oid and a.attname in ('entity', 'org')
        and not a.attisdropped)
    order by 1`.execute(db);
  return rows.map(({ name }) => name).filter((name) => !KEEPS_NOTHING.includes(name));
}

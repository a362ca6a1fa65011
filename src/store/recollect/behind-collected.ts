import { type RawBuilder, sql } from 'kysely';

import { objectOf } from '../../domain/catalogue/catalogue.ts';
import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import { CUSTOM_FIELD_UPDATE } from '../../domain/findings.ts';
import type { Db } from '../database.ts';
import { targetOf } from '../load/target.ts';
import { prestagingTable } from '../prestaging-table.ts';
import type { CompiledTemplate } from '../transform/compile.ts';
import type { Join } from '../transform/join-tree.ts';
import { readLastRun } from '../transform/last-run.ts';
import { changedJoins, hasChanged } from './changed-parents.ts';
import { hasCollected, standingLines } from './standing-lines.ts';

/**
 * Selects the drivers whose lines are collected and stand, and beside which a row changed; none while nothing is
 * collected. The keys are followed back from the changed rows into `behind`, whose size then decides how lines are found:
 * where little changed, little of what is collected is read.
 */
export async function behindCollected(
  trx: Db,
  entity: string,
  plan: CompiledTemplate,
): Promise<RawBuilder<unknown>[]> {
  if (!(await hasCollected(trx, entity))) return [];
  const since = await readLastRun(trx, entity);
  const { ctes, ways } = waysBack(entity, plan, { changed: await changedJoins(trx, entity, plan), since });
  const beside = plan.behind.map((behind) =>
    behind.drivers(entity, hasChanged(entity, objectOf(behind.object), false, since)),
  );
  const all = sql.join([incomplete(entity, plan), ...ways, ...beside], sql` union `);
  await sql`
    create temporary table behind on commit drop as
    with ${sql.join([...ctes, sql`reached (id) as (${all})`])}
    select d.id from reached join ${prestagingTable(plan.driver)} as d on d.entity = ${entity} and d.id = reached.id
    where d.changed_run <= ${since} and not d.deleted`.execute(trx);
  await sql`analyze behind`.execute(trx);
  return [
    sql`select l.source_id from ${standingLines(entity, plan.driver)} and l.source_id in (select id from behind)`,
  ];
}

/** Drivers that led to a row that had not come: it is merely new when it comes. */
const incomplete = (entity: string, { driver }: CompiledTemplate): RawBuilder<unknown> => sql`
    select f.source_id from staging.finding as f
    where f.entity = ${entity} and f.finding = ${CUSTOM_FIELD_UPDATE} and f.resolved_at is null
      and f.object = ${driver.name} and f.detail -> 'orphans' <> '[]'`;

/** Rows of a joined object that lead to a change, as a query by that name. */
interface Reached extends Pick<Join, 'leads'> {
  readonly name: RawBuilder<unknown>;
}

/**
 * From the changed rows back to the drivers: of every joined object the rows that changed or that have the key of such
 * a row, those furthest from the driver first.
 */
function waysBack(
  entity: string,
  { driver, joins }: CompiledTemplate,
  { changed, since }: { readonly changed: ReadonlySet<string>; readonly since: RawBuilder<string> },
): { readonly ctes: readonly RawBuilder<unknown>[]; readonly ways: readonly RawBuilder<unknown>[] } {
  const reached: Reached[] = [];
  const ctes: RawBuilder<unknown>[] = [];
  for (const { alias, object, presence, leads } of joins.toReversed()) {
    const { table, holds } = targetOf(object, entity);
    const own = sql`select ${sql.id(alias, 'id')} from ${table} as ${sql.id(alias)}
      where ${holds(alias)} and ${hasChanged(entity, object, presence !== 'optional', since)(alias)}`;
    const further = leadsFrom(alias, reached).map(
      ({ name, key }) => sql`select ${sql.id(alias, 'id')} from ${table} as ${sql.id(alias)}
      where ${holds(alias)} and ${key} in (select id from ${name})`,
    );
    const ways = [...(changed.has(alias) ? [own] : []), ...further];
    if (ways.length === 0) continue;
    // Not by its path, which may be longer than a name of PostgreSQL.
    const name = sql.id(`reached_${reached.length}`);
    reached.push({ name, leads });
    ctes.push(sql`${name} (id) as materialized (${sql.join(ways, sql` union `)})`);
  }
  return { ctes, ways: driversLeading(entity, driver, leadsFrom(driver.name, reached)) };
}

const leadsFrom = (path: string, reached: readonly Reached[]) =>
  reached.flatMap(({ name, leads }) =>
    leads.filter((lead) => lead.path === path).map(({ key }) => ({ name, key })),
  );

/** Drivers are many: they are gone through once, whatever number of keys they have. */
function driversLeading(
  entity: string,
  driver: BillingObject,
  leads: ReturnType<typeof leadsFrom>,
): RawBuilder<unknown>[] {
  if (leads.length === 0) return [];
  const found = leads.map((lead, at) => ({ ...lead, alias: sql.id(`found_${at}`) }));
  const { table, holds } = targetOf(driver, entity);
  return [
    sql`select ${sql.id(driver.name, 'id')} from ${table} as ${sql.id(driver.name)}
      ${sql.join(
        found.map(({ name, key, alias }) => sql`left join ${name} as ${alias} on ${alias}.id = ${key}`),
        sql` `,
      )}
      where ${holds(driver.name)}
        and (${sql.join(
          found.map(({ alias }) => sql`${alias}.id is not null`),
          sql` or `,
        )})`,
  ];
}

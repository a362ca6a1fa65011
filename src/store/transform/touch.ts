import { type RawBuilder, sql } from 'kysely';

import type { Db } from '../database.ts';
import { stoppedOtherwise } from '../limitations/stopped-states.ts';
import { UNCOLLECTED } from '../lines/uncollected.ts';
import { prestagingTable } from '../prestaging-table.ts';
import { behindCollected } from '../recollect/behind-collected.ts';
import type { DefaultTemplate } from '../templates.ts';
import type { CompiledTemplate } from './compile.ts';
import { readLastRun } from './last-run.ts';
import type { LineTables } from './line-tables.ts';
import { mayHaveRates } from './rates.ts';
import { supplanted } from './supplanting.ts';
import { unlocked } from './unlocked.ts';

/** Where lines are formed, and by what. */
export interface Touching {
  readonly entity: string;
  readonly template: DefaultTemplate;
  readonly tables: LineTables;
  /** Whether the template only now becomes the default; null: as the templates say. */
  readonly introduced: boolean | null;
}

/** With the entity's last completed run. */
type Since = Touching & { readonly since: RawBuilder<string> };

/**
 * `touched`: the drivers that a run looks at, each once. Those that changed come first and as they lie in their table:
 * in another order a large load would write its indexes all over the place.
 */
export async function touch(trx: Db, touching: Touching, plan: CompiledTemplate): Promise<void> {
  const { entity, template, tables } = touching;
  const since = await readLastRun(trx, entity);
  const table = prestagingTable(plan.driver);
  const others = [
    behindChanged({ ...touching, since }, plan),
    formedOtherwise(touching, plan),
    waitingForRates(touching, plan),
    ...(template.body.type === 'SO' ? [stoppedOtherwise(entity, tables)] : []),
    ...plan.gates.map((way) => unlocked({ ...touching, since }, way)),
    reconsidered({ ...touching, since }, plan),
    ...(await behindCollected(trx, entity, plan)),
    ...(await supplanted(trx, { ...touching, since }, plan.driver.name)),
  ];
  await sql`
    create temporary table touched on commit drop as
    select id from ${table} where entity = ${entity} and changed_run > ${since}
    union all
    select o.id from (${sql.join(others, sql` union `)}) as o
    where not exists (
      select from ${table} as d where d.entity = ${entity} and d.id = o.id and d.changed_run > ${since}
    )`.execute(trx);
  await sql`analyze touched`.execute(trx);
}

/** Drivers of lines that nobody collected yet, beside which a row changed, or which are outdated. */
function behindChanged({ entity, tables, since }: Since, plan: CompiledTemplate): RawBuilder<unknown> {
  const { name } = plan.driver;
  const uncollected = sql`(
      select distinct l.source_id as id from ${tables.line} as l
      join ${tables.state} as s on s.entity = l.entity and s.id = l.id
      where l.entity = ${entity} and l.source_object = ${name} and s.status in ${UNCOLLECTED}
    )`;
  return sql`
    select ${sql.id(name, 'id')} ${plan.fromOver(uncollected)}
    where ${sql.id(name, 'entity')} = ${entity} and (${plan.parentsChanged} > ${since} or ${plan.outdated(tables)})`;
}

/**
 * Drivers of lines that nobody collected yet and that another template, or another version, formed; or that stand in
 * other currencies than they would now, because a home or a reporting currency was set since.
 */
const formedOtherwise = (
  { entity, template, tables }: Touching,
  { driver }: CompiledTemplate,
): RawBuilder<unknown> => sql`
    select l.source_id as id from ${tables.line} as l
    join ${tables.state} as s on s.entity = l.entity and s.id = l.id
    where l.entity = ${entity} and l.source_object = ${driver.name} and s.status in ${UNCOLLECTED} and (
      (l.template, l.template_version) <> (${template.name}, ${template.version}::integer)
      or l.reporting_currency is distinct from coalesce((select reporting from rate_setting), l.functional_currency)
      or ${sql.lit(hasHomeCurrency(template))} and l.functional_currency <> (
        select home_currency from control.entity where entity = ${entity}
      )
    )`;

/** Whether the functional currency of its lines is the home currency of the entity. */
const hasHomeCurrency = ({ body }: DefaultTemplate): boolean =>
  body.rows.some(({ from, to }) => from === 'Entity.HomeCurrency' && to === 'Functional Currency');

/** Drivers of lines that wait for a rate, when it may have come. */
const waitingForRates = (
  { entity, tables }: Touching,
  { driver }: CompiledTemplate,
): RawBuilder<unknown> => sql`
    select l.source_id as id from ${tables.hold} as h
    join ${tables.line} as l on l.entity = h.entity and l.id = h.line
    where h.entity = ${entity} and h.limitation = 'missing-exchange-rate' and l.source_object = ${driver.name}
      and ${mayHaveRates(entity, 'l')}`;

/**
 * Drivers without a line that may have one now: the template became the default since the last run, or its filter
 * may say otherwise because a row beside the driver changed.
 */
function reconsidered(
  { entity, template, tables, introduced, since }: Since,
  plan: CompiledTemplate,
): RawBuilder<unknown> {
  const another = introduced === null ? changedSince(since, template) : sql.lit(introduced);
  const without = (condition: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    select d.id from ${prestagingTable(plan.driver)} as d
    where d.entity = ${entity} and ${condition} and not exists (
      select from ${tables.line} as l
      where l.entity = d.entity and l.source_object = ${plan.driver.name} and l.source_id = d.id
    )`;
  if (template.body.filter === null) return without(another);
  return sql`
    select ${sql.id(plan.driver.name, 'id')} ${plan.fromOver(sql`(${without(sql`true`)})`)}
    where ${another} or ${plan.parentsChanged} > ${since}`;
}

const changedSince = (since: Since['since'], { name, version }: DefaultTemplate): RawBuilder<boolean> =>
  sql<boolean>`exists (
    select from staging.transaction_template as t
    join control.run as r on r.run = ${since} and t.changed_at > r.opened_at
    where t.name = ${name} and t.version = ${version}
  )`;

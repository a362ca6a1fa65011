import { type RawBuilder, sql } from 'kysely';

import { UNCOLLECTED } from '../lines/uncollected.ts';
import { prestagingTable } from '../prestaging-table.ts';
import type { CompiledTemplate } from '../transform/compile.ts';
import { lastRun } from '../transform/last-run.ts';
import type { DeletedRows } from './deleted-rows.ts';

/**
 * The lines of one driver that deleted rows concern, a row per deleted row and line, with what is at stake.
 * `way` is how the line depends on it: `collected` and `superseded` where the row is the line's driver,
 * `parent` where the line needs it beside a driver that is there.
 */
export function linesOnDeletedRows(
  entity: string,
  plan: CompiledTemplate,
  deleted: DeletedRows,
): RawBuilder<unknown> {
  const { name } = plan.driver;
  const parents = plan.needed.flatMap((join) => [
    ...(deleted.recent.has(join.object.name) ? [behindRecent(entity, plan, join)] : []),
    ...(deleted.all.has(join.object.name) ? [touchedBehind(entity, plan, join)] : []),
  ]);
  return sql`
    select distinct l.org, gone.object, gone.source_id, l.id as line, l.ext_sell_price as amount,
      l.transaction_currency as currency, r.contract,
      case when not gone.drives then 'parent' when r.line is null then 'superseded' else 'collected' end as way
    from (
      select ${name}::text as object, d.id as source_id, d.id as driver, true as drives
      from touched as t join ${prestagingTable(plan.driver)} as d on d.entity = ${entity} and d.id = t.id
      where d.deleted
      ${sql.join(parents, sql` `)}
    ) as gone
    join staging.line as l on l.entity = ${entity} and l.source_object = ${name} and l.source_id = gone.driver
    left join revenue.line as r on r.entity = l.entity and r.line = l.id
    left join staging.line_state as s on s.entity = l.entity and s.id = l.id
    where r.line is not null or case when gone.drives then l.id in (select id from superseded)
      else s.status in ${UNCOLLECTED} end`;
}

type Needed = CompiledTemplate['needed'][number];

/** Drivers behind a row that was deleted since the last completed run: their lines may be collected long ago. */
const behindRecent = (entity: string, plan: CompiledTemplate, join: Needed): RawBuilder<unknown> =>
  sql`union ${behind(entity, plan, join, plan.base)} and ${sql.id(join.alias, 'changed_run')} > ${lastRun(entity)}`;

/** Touched drivers behind a row that was deleted at any time: their lines may be new. */
const touchedBehind = (entity: string, plan: CompiledTemplate, join: Needed): RawBuilder<unknown> =>
  sql`union ${behind(entity, plan, join, plan.baseOver(sql.table('touched')))}`;

const behind = (
  entity: string,
  plan: CompiledTemplate,
  { alias, object }: Needed,
  from: RawBuilder<unknown>,
): RawBuilder<unknown> =>
  sql`select ${object.name}, ${sql.id(alias, 'id')}, ${sql.id(plan.driver.name, 'id')}, false ${from}
    where ${sql.id(plan.driver.name, 'entity')} = ${entity} and not ${sql.id(plan.driver.name, 'deleted')}
      and ${sql.id(alias, 'deleted')}`;

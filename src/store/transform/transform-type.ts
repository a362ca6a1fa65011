import { type RawBuilder, sql } from 'kysely';

import { objectOf } from '../../domain/catalogue/catalogue.ts';
import { columnOf } from '../../domain/catalogue/define-object.ts';
import { HOLD_TEXTS } from '../../domain/holds.ts';
import type { Db } from '../database.ts';
import { recordDeletions } from '../findings/record-deletions.ts';
import { UNCOLLECTED } from '../lines/uncollected.ts';
import { prestagingTable } from '../prestaging-table.ts';
import { requireOpenRun } from '../runs.ts';
import { refreshStatistics } from '../statistics.ts';
import type { DefaultTemplate } from '../templates.ts';
import { type CompiledTemplate, compileTemplate } from './compile.ts';
import { supersedeDeleted, takeReplaced, takeReturned } from './deleted-drivers.ts';
import { derivationOf } from './derivations.ts';
import { hasDrivers } from './driver-rows.ts';
import { lastRun } from './last-run.ts';
import { takeRenewals } from './term-number.ts';

/** Lines of one run after which the old statistics mislead. */
const MANY = 10_000;

interface TransformRequest {
  readonly run: string;
  readonly entity: string;
  readonly org: string;
  readonly template: DefaultTemplate;
}

export interface TransformCounts {
  /** Drivers looked at, lines formed, and how many of those are held back, each as exact text. */
  readonly drivers: string;
  readonly lines: string;
  readonly withheld: string;
}

const NOTHING: TransformCounts = { drivers: '0', lines: '0', withheld: '0' };

/** The compiled form of a default template. */
export const compiled = ({ body }: DefaultTemplate): CompiledTemplate =>
  compileTemplate(body, derivationOf(body));

/**
 * Forms the lines of one transaction type over the rows that this run touches: drivers that changed since
 * the last completed run, and drivers of lines not yet collected whose joined rows changed. What these had
 * formed and nobody has collected is formed anew, or superseded where Billing deleted the driver; holds
 * that stay keep their date. One transaction; repeating it changes nothing.
 */
export async function transformType(db: Db, request: TransformRequest): Promise<TransformCounts> {
  return db.transaction().execute(async (trx) => {
    await requireOpenRun(trx, request.run, 'alone');
    const plan = compiled(request.template);
    if (!(await hasDrivers(trx, { driver: plan.driver, entity: request.entity }))) return NOTHING;
    await takeRenewals(trx, request.entity);
    await touch(trx, request, plan);
    await supersedeDeleted(trx, request.entity, plan);
    await dropUncollected(trx, request, plan);
    const counts = await form(trx, request, plan);
    await settleHolds(trx, request);
    await recordDeletions(trx, request, plan);
    if (Number(counts.lines) > MANY) {
      for (const table of ['staging.line', 'staging.line_state']) await refreshStatistics(trx, table);
    }
    return counts;
  });
}

async function touch(trx: Db, request: TransformRequest, plan: CompiledTemplate): Promise<void> {
  const { entity, template } = request;
  const { name } = plan.driver;
  await sql`
    create temporary table touched on commit drop as
    select id from ${prestagingTable(plan.driver)} where entity = ${entity} and changed_run > ${lastRun(entity)}
    union
    select ${sql.id(name, 'id')} from (
      select distinct l.source_id from staging.line as l
      join staging.line_state as s on s.entity = l.entity and s.id = l.id
      where l.entity = ${entity} and l.source_object = ${name} and s.status in ${UNCOLLECTED}
    ) as uncollected
    join lateral (
      select ${sql.id(name, 'id')}, ${plan.parentsChanged} as changed_run ${plan.from}
      where ${sql.id(name, 'entity')} = ${entity} and ${sql.id(name, 'id')} = uncollected.source_id
    ) as ${sql.id(name)} on ${sql.id(name, 'changed_run')} > ${lastRun(entity)}
    union
    select l.source_id from staging.line as l
    join staging.line_state as s on s.entity = l.entity and s.id = l.id
    where l.entity = ${entity} and l.source_object = ${name} and s.status in ${UNCOLLECTED}
      and (l.template, l.template_version) <> (${template.name}, ${template.version}::integer)
    ${sql.join(
      plan.gates.map((gate) => unlocked(entity, plan, gate)),
      sql` `,
    )}
    ${reconsidered(request, plan)}`.execute(trx);
  await sql`analyze touched`.execute(trx);
}

/** Drivers that have no line, behind a parent that changed: an invoice was posted, a flag was taken off. */
function unlocked(
  entity: string,
  { driver }: CompiledTemplate,
  { object, field }: CompiledTemplate['gates'][number],
): RawBuilder<unknown> {
  return sql`union
    select d.id from ${prestagingTable(objectOf(object))} as p
    join ${prestagingTable(driver)} as d on d.entity = p.entity and ${sql.id('d', columnOf(driver, field))} = p.id
    where p.entity = ${entity} and p.changed_run > ${lastRun(entity)} and d.changed_run <= ${lastRun(entity)}
      and not exists (
        select from staging.line as l
        where l.entity = d.entity and l.source_object = ${driver.name} and l.source_id = d.id
      )`;
}

/**
 * Drivers without a line that may have one now: the template became the default since the last run, or its filter
 * may say otherwise because a row beside the driver changed.
 */
function reconsidered({ entity, template }: TransformRequest, plan: CompiledTemplate): RawBuilder<unknown> {
  const { name } = plan.driver;
  const another = sql`exists (
    select from staging.transaction_template as t
    join control.run as r on r.run = ${lastRun(entity)} and t.changed_at > r.opened_at
    where t.name = ${template.name} and t.version = ${template.version}
  )`;
  const [from, may] =
    template.body.filter === null
      ? [sql`from ${prestagingTable(plan.driver)} as ${sql.id(name)}`, another]
      : [plan.from, sql`(${another} or ${plan.parentsChanged} > ${lastRun(entity)})`];
  return sql`union
    select ${sql.id(name, 'id')} ${from}
    where ${sql.id(name, 'entity')} = ${entity} and ${may} and not exists (
      select from staging.line as l
      where l.entity = ${entity} and l.source_object = ${name} and l.source_id = ${sql.id(name, 'id')}
    )`;
}

async function dropUncollected(trx: Db, { entity }: TransformRequest, plan: CompiledTemplate): Promise<void> {
  await sql`
    create temporary table reformed on commit drop as
    select s.id from staging.line as l join staging.line_state as s on s.entity = l.entity and s.id = l.id
    where l.entity = ${entity} and l.source_object = ${plan.driver.name} and l.source_id in (select id from touched)
      and s.status in ${UNCOLLECTED}`.execute(trx);
  await takeReturned(trx, entity, plan);
  await takeReplaced(trx, entity, plan);
  for (const table of ['staging.line_state', 'staging.line']) {
    await sql`delete from ${sql.table(table)} where entity = ${entity} and id in (select id from reformed)`.execute(
      trx,
    );
  }
}

async function form(
  trx: Db,
  { entity, org, run, template }: TransformRequest,
  plan: CompiledTemplate,
): Promise<TransformCounts> {
  const insert = plan.insert({
    entity,
    org,
    run,
    templateVersion: template.version,
    rows: sql.table('touched'),
  });
  const { rows } = await sql<TransformCounts>`
    with formed as (${insert} returning id, source_id, source_object, withheld),
    states as (
      insert into staging.line_state (entity, org, id, status)
      select ${entity}, ${org}, id, staging.status_of(withheld) from formed
    ), holds as (
      insert into staging.hold (entity, org, line, limitation, kind, message, remedy)
      select ${entity}, ${org}, f.id, h.limitation, staging.hold_kind(h.limitation),
        replace(replace(t.message, '{source}', f.source_object || ' ' || f.source_id), '{detail}', h.detail),
        t.remedy
      from formed as f
      cross join lateral (
        select split_part(w, ':', 1) as limitation, string_agg(substr(w, strpos(w || ':', ':') + 1), ', ') as detail
        from unnest(f.withheld) as w group by 1
      ) as h
      join (values ${sql.join(
        Object.entries(HOLD_TEXTS).map(([id, text]) => sql`(${id}, ${text.message}, ${text.remedy})`),
      )}) as t (id, message, remedy) on t.id = h.limitation or (t.id = 'orphan' and h.limitation like 'orphan-%')
      on conflict (entity, line, limitation) do update
        set message = excluded.message, remedy = excluded.remedy
        where (hold.message, hold.remedy) <> (excluded.message, excluded.remedy)
    )
    select (select count(*) from touched) as drivers, count(*) as lines, count(withheld) as withheld
    from formed`.execute(trx);
  return rows[0] ?? NOTHING;
}

/** Releases the holds that the formed-anew lines no longer have. */
async function settleHolds(trx: Db, { entity }: TransformRequest): Promise<void> {
  await sql`
    delete from staging.hold as h
    where h.entity = ${entity} and h.line in (select id from reformed) and not exists (
      select from staging.line as l, unnest(l.withheld) as w
      where l.entity = h.entity and l.id = h.line and split_part(w, ':', 1) = h.limitation
    )`.execute(trx);
}

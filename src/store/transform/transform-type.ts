import { sql } from 'kysely';

import { HOLD_TEXTS } from '../../domain/holds.ts';
import type { Db } from '../database.ts';
import { recordDeletions } from '../findings/record-deletions.ts';
import { formAgain, type Source } from '../recollect/form-again.ts';
import { keepRejections } from '../recollect/keep-rejections.ts';
import { reportUpdates } from '../recollect/report-updates.ts';
import { STOP_TEXTS } from '../limitations/charge-stops.ts';
import { discountsToForm, takeStoppedStates } from '../limitations/stopped-states.ts';
import { UNCOLLECTED } from '../lines/uncollected.ts';
import { hasExportedRates, recordExportedRates } from '../rates/record-rates.ts';
import { requireOpenRun } from '../runs.ts';
import { refreshStatistics } from '../statistics.ts';
import type { DefaultTemplate } from '../templates.ts';
import { type CompiledTemplate, compileTemplate } from './compile.ts';
import { supersedeDeleted, takeReplaced, takeReturned } from './deleted-drivers.ts';
import { derivationOf } from './derivations.ts';
import { hasDrivers } from './driver-rows.ts';
import { lastRunNumber } from './last-run.ts';
import { takeLaterForms } from './later-forms.ts';
import { STAGING } from './line-tables.ts';
import { rememberDivision, takeRates } from './rates.ts';
import { takeReplacedAdjustments } from './replaced-adjustments.ts';
import { isCorrection } from './supplanting.ts';
import { takeRenewals } from './term-number.ts';
import { touch, type Touching } from './touch.ts';

/** Lines of one run after which the old statistics mislead. */
const MANY = 10_000;

interface TransformRequest {
  readonly run: string;
  readonly entity: string;
  readonly org: string;
  readonly template: DefaultTemplate;
}

/** A transform, and where its lines are formed. */
type Forming = TransformRequest & Touching;

export interface TransformCounts {
  /** Drivers looked at, lines formed, and how many of those are held back, each as exact text. */
  readonly drivers: string;
  readonly lines: string;
  readonly withheld: string;
}

const TEXTS = { ...HOLD_TEXTS, ...STOP_TEXTS };

const NOTHING: TransformCounts = { drivers: '0', lines: '0', withheld: '0' };

/** The compiled form of a default template. */
export const compiled = ({ body }: DefaultTemplate): CompiledTemplate =>
  compileTemplate(body, derivationOf(body));

/**
 * Forms the lines of one transaction type over the rows that this run touches: drivers that changed since the last
 * completed run, and drivers of lines not yet collected whose joined rows changed. What these had formed and nobody has
 * collected is formed anew, or superseded where Billing deleted the driver; holds that stay keep their date. Collected lines are compared with what their rows say now: where a guarded field differs
 * there is a stopped form of the line, where another does, a finding. One transaction; repeating it changes nothing.
 */
export async function transformType(db: Db, request: TransformRequest): Promise<TransformCounts> {
  return db.transaction().execute(async (trx) => {
    await requireOpenRun(trx, request.run, 'alone');
    const plan = compiled(request.template);
    const { entity } = request;
    // Bookings are formed first, so the rates are there for all.
    if (request.template.body.type === 'SO') await recordRatesOf(trx, request);
    if (!(await hasDrivers(trx, { driver: plan.driver, entity }))) return NOTHING;
    if (request.template.body.type === 'INV') await rememberDivision(trx, entity);
    if (isCorrection(plan.driver.name)) await takeReplacedAdjustments(trx, request);
    const counts = await formLines(trx, { ...request, tables: STAGING, introduced: null }, plan);
    await recordDeletions(trx, request, plan);
    await reportUpdates(trx, request, plan);
    if (Number(counts.lines) > MANY) {
      for (const table of ['staging.line', 'staging.line_state']) await refreshStatistics(trx, table);
    }
    return counts;
  });
}

/** The rates that came with the run; all that ever came, where none was recorded before. */
async function recordRatesOf(trx: Db, { entity }: TransformRequest): Promise<void> {
  const recorded = await hasExportedRates(trx, entity);
  const changedSince = recorded ? await lastRunNumber(trx, entity) : null;
  await recordExportedRates(trx, { entity, by: `revenue-sync/${entity}`, changedSince });
}

/**
 * All that a transform does to lines, their states and holds. It leaves the tables `renewal`, for bookings those of `takeStoppedStates`, `touched` (the drivers),
 * `superseded` and `reformed` (lines), `later_form`, `recollected` (drivers), `again` (lines), and perhaps `replacement` and `behind`,
 * until the transaction ends.
 */
export async function formLines(trx: Db, forming: Forming, plan: CompiledTemplate): Promise<TransformCounts> {
  await takeRenewals(trx, forming.entity);
  await takeRates(trx, forming.entity);
  if (forming.template.body.type === 'SO') {
    const since = await lastRunNumber(trx, forming.entity);
    await takeStoppedStates(trx, forming.entity, {
      discounts: discountsToForm(forming.entity, forming.tables, since),
    });
  }
  await touch(trx, forming, plan);
  await supersedeDeleted(trx, forming, plan);
  await dropUncollected(trx, forming, plan);
  await takeLaterForms(trx, { ...forming, driver: plan.driver.name });
  const formed: TransformCounts[] = [];
  for (const source of await formAgain(trx, forming.entity, plan)) {
    formed.push(await form(trx, forming, plan, source));
  }
  await settleHolds(trx, forming);
  await keepRejections(trx, forming);
  return added(formed);
}

async function dropUncollected(trx: Db, forming: Forming, plan: CompiledTemplate): Promise<void> {
  const { entity, tables } = forming;
  await sql`
    create temporary table reformed on commit drop as
    select s.id from ${tables.line} as l join ${tables.state} as s on s.entity = l.entity and s.id = l.id
    where l.entity = ${entity} and l.source_object = ${plan.driver.name} and l.source_id in (select id from touched)
      and s.status in ${UNCOLLECTED}`.execute(trx);
  await takeReturned(trx, entity, plan);
  await takeReplaced(trx, entity, plan);
  for (const table of [tables.state, tables.line]) {
    await sql`delete from ${table} where entity = ${entity} and id in (select id from reformed)`.execute(trx);
  }
}

/** Drivers are counted as a whole. */
const added = (counts: readonly TransformCounts[]): TransformCounts => ({
  drivers: counts[0]?.drivers ?? '0',
  lines: String(counts.reduce((sum, { lines }) => sum + BigInt(lines), 0n)),
  withheld: String(counts.reduce((sum, { withheld }) => sum + BigInt(withheld), 0n)),
});

async function form(
  trx: Db,
  { entity, org, run, template, tables }: Forming,
  plan: CompiledTemplate,
  source: Source,
): Promise<TransformCounts> {
  const insert = plan.insert({
    entity,
    org,
    run,
    templateVersion: template.version,
    ...source,
    into: tables.line,
  });
  // What is returned is kept until the end, in memory as long as it is small: only holds name their source.
  const { rows } = await sql<TransformCounts>`
    with formed as (${insert} returning id, withheld, case when withheld is not null then source_id end as source_id),
    states as (
      insert into ${tables.state} (entity, org, id, status)
      select ${entity}, ${org}, id, case when withheld is null then 'ready' else staging.status_of(withheld) end
      from formed
    ), holds as (
      insert into ${tables.hold} (entity, org, line, limitation, kind, message, remedy)
      select ${entity}, ${org}, h.line, h.limitation, staging.hold_kind(h.limitation),
        replace(replace(t.message, '{source}', ${plan.driver.name} || ' ' || h.source_id), '{detail}', h.detail),
        t.remedy
      from (
        select id as line, source_id, split_part(held, ':', 1) as limitation,
          string_agg(substr(held, strpos(held || ':', ':') + 1), ', ' order by place) as detail
        from (
          select id, source_id, unnest(withheld) as held, generate_subscripts(withheld, 1) as place
          from formed where withheld is not null
        ) as each
        group by 1, 2, 3
      ) as h
      join (values ${sql.join(
        Object.entries(TEXTS).map(([id, text]) => sql`(${id}, ${text.message}, ${text.remedy})`),
      )}) as t (id, message, remedy)
        on t.id = case when h.limitation like 'orphan-%' then 'orphan' else h.limitation end
      on conflict (entity, line, limitation) do update
        set message = excluded.message, remedy = excluded.remedy
        where (hold.message, hold.remedy) <> (excluded.message, excluded.remedy)
    )
    select (select count(*) from touched) as drivers, count(*) as lines, count(withheld) as withheld
    from formed`.execute(trx);
  return rows[0] ?? NOTHING;
}

/** Releases the holds that the formed-anew lines no longer have. */
async function settleHolds(trx: Db, { entity, tables }: Forming): Promise<void> {
  await sql`
    delete from ${tables.hold} as h
    where h.entity = ${entity} and h.line in (select id from reformed) and not exists (
      select from ${tables.line} as l, unnest(l.withheld) as w
      where l.entity = h.entity and l.id = h.line and split_part(w, ':', 1) = h.limitation
    )`.execute(trx);
}

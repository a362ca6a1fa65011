import { type RawBuilder, sql } from 'kysely';

import { findStagingField, GUARDED_LABELS, type StagingField } from '../../domain/mapping/staging-fields.ts';
import type { Db } from '../database.ts';
import { contentValue, isContent } from '../lines/content.ts';
import { DIFFERENCES } from './differences.ts';
import type { LineTables } from './line-tables.ts';

/**
 * `later_form`: the lines of a driver's rows that have settled forms `...#n`, few as they are.
 *
 * - `base`, `source_id`, `booking`: the id of the first form, the row it came from, whether it is an SO line.
 * - `standing`, `standing_form`: the newest form that is collected; null where that is the first one.
 * - `next`: the n of a form that comes now.
 * - `passed`: forms that came after the standing one and were superseded.
 */
export async function takeLaterForms(
  trx: Db,
  { entity, driver, tables }: { entity: string; driver: string; tables: Pick<LineTables, 'line'> },
): Promise<void> {
  await sql`
    create temporary table later_form on commit drop as
    select base, min(source_id) as source_id, bool_or(booking) as booking,
      (array_agg(id order by form desc) filter (where collected))[1] as standing,
      max(form) filter (where collected) as standing_form, 1 + max(form) as next,
      array_agg(id) filter (where not collected) as passed
    from (
      select l.id, l.form, l.source_id, regexp_replace(l.id, '#\\d+$', '') as base, l.type = 'SO' as booking,
        r.line is not null as collected
      from ${tables.line} as l left join revenue.line as r on r.entity = l.entity and r.line = l.id
      where l.entity = ${entity} and l.source_object = ${driver} and l.form > 1
    ) as form
    group by base`.execute(trx);
  await sql`analyze later_form`.execute(trx);
}

const columnsOf = (fields: readonly StagingField[], alias: string): RawBuilder<unknown> =>
  sql.join(fields.map((field) => contentValue(alias, field)));

const differ = (fields: readonly StagingField[], one: string, other: string): RawBuilder<boolean> =>
  sql<boolean>`row(${columnsOf(fields, one)}) is distinct from row(${columnsOf(fields, other)})`;

const GUARDED = GUARDED_LABELS.flatMap((label) => findStagingField(label) ?? []);

/** What a billing copies from its subscription and charge: there, the booking is stopped, and not all that was billed. */
const COPIED = new Set(['Subscription Start Date', 'Subscription End Date', 'Ordered Qty']);

/** The id of the form after the collected one, `c` and `n` as a template joins them to `f`. */
export const LATER_ID = sql<string>`coalesce(n.base, c.id) || '#' || coalesce(n.next, 2)`;

/** Whether a guarded field differs from the collected form. */
export const RECOLLECTED = sql<boolean>`(${differ(
  GUARDED.filter(({ label }) => !COPIED.has(label)),
  'f',
  'c',
)}
          or c.type = 'SO' and ${differ(
            GUARDED.filter(({ label }) => COPIED.has(label)),
            'f',
            'c',
          )})`;

/** Whether any of these fields that says something of its own does. */
export const saysAnother = (fields: readonly StagingField[]): RawBuilder<boolean> =>
  differ(fields.filter(isContent), 'f', 'c');

/** Whether a person decided on the form that would come now. */
export const isDecidedOn = (entity: string): RawBuilder<boolean> => sql<boolean>`exists (
            select from staging.release as d where d.entity = ${entity} and d.line = ${LATER_ID}
          )`;

/**
 * Whether another form of a collected line comes to be: a guarded field differs, or another one and a person decided
 * that it shall count. What came before and was passed over does not come again.
 */
export const formsAgain = (
  entity: string,
  fields: readonly StagingField[],
): RawBuilder<boolean> => sql<boolean>`(
          ${RECOLLECTED}
          or ${saysAnother(fields)} and ${isDecidedOn(entity)}
        ) and (n.passed is null or not exists (
          select from staging.line as d
          where d.entity = ${entity} and d.id = any(n.passed) and not (${differ(GUARDED, 'f', 'd')})
        ))`;

/** What holds such a form. */
export const withheldAgain = sql<string[]>`array[case
      when ${RECOLLECTED} then 'same-version-recollection:' || ${DIFFERENCES}
      else 'custom-field-update' end]`;

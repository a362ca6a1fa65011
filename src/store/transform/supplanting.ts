import { type RawBuilder, sql } from 'kysely';

import type { Db } from '../database.ts';
import { UNCOLLECTED } from '../lines/uncollected.ts';
import { SETTLED } from './correction-facts.ts';
import type { ComputedJoin, Derivation, Exclusion } from './derivation.ts';
import type { LineTables } from './line-tables.ts';

type MemoItem = 'CreditMemoItem' | 'DebitMemoItem';

/** The hold of a memo item that looks like one that Billing made in place of an adjustment. */
export const POSSIBLE_REPLACEMENT = 'possible-replacement';

const ADJUSTMENT = 'InvoiceItemAdjustment';
const MEMO_ITEMS: readonly string[] = ['CreditMemoItem', 'DebitMemoItem'];

/** Whether rows of the driver correct what was billed: as adjustments, or as memos. */
export const isCorrection = (driver: string): boolean => driver === ADJUSTMENT || MEMO_ITEMS.includes(driver);

/**
 * Adjustments count until the day on which memos took over: of a correction dated later, its memo counts. Of an
 * entity that had memos from the first run on, none does.
 */
export const ADJUSTMENTS_OFF: Exclusion = [
  'type-off',
  sql<boolean>`${SETTLED} and ("Entity".settled_on is null or "InvoiceItemAdjustment".adjustment_date >= "Entity".settled_on)`,
];

/** Of an adjustment and the memo item that certainly stands for it, one counts (`takeReplacedAdjustments`). */
export const REPLACED_BY_MEMO: Exclusion = [
  'replaced-by-memo',
  rarely(sql`exists (
    select from staging.replacement as r
    where r.entity = "InvoiceItemAdjustment".entity and r.adjustment = "InvoiceItemAdjustment".id and r.counts = 'memo'
  )`),
];

/** The same for the memo item. */
export const replacesAdjustment = (item: MemoItem): Exclusion => [
  'replaces-adjustment',
  rarely(sql`exists (
    select from staging.replacement as r
    where r.entity = ${sql.id(item, 'entity')} and r.item = ${sql.id(item, 'id')} and r.object = ${sql.lit(item)}
      and r.counts = 'adjustment'
  )`),
];

/**
 * The planner reckons that EXISTS holds for every other row, and that two texts are seldom the same. It is EXISTS, not
 * IN, because PostgreSQL asks it by the index where the pairs are too many to be hashed.
 */
function rarely(condition: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`case when ${condition} then 'one of two' end = 'one of two'`;
}

/**
 * Holds the lines of memo items that may stand for an adjustment; a person says whether they do. Where the memo is
 * collected already, the line of the adjustment is held.
 */
export function holdingLookalikes(derivation: Derivation): Derivation {
  const { driver } = derivation.routes;
  return {
    ...derivation,
    joins: (mapped) => [
      ...derivation.joins(mapped),
      driver === ADJUSTMENT ? collectedLookalikes() : lookalikes(driver),
    ],
    facts: { ...derivation.facts, resembles: sql`"Resembled".other` },
    missing: (mapped) => [
      ...derivation.missing(mapped),
      sql<string | null>`${sql.lit(`${POSSIBLE_REPLACEMENT}:`)} || f.resembles`,
    ],
  };
}

/** `other`: number, date and line of the adjustment that the item resembles, in words. */
function lookalikes(item: string): ComputedJoin {
  return {
    kind: 'run',
    alias: 'Resembled',
    clause: sql`left join (
    select r.entity, r.item, concat_ws(' ', 'adjustment', coalesce(a.adjustment_number, a.id), 'of', a.adjustment_date,
      case when r.counts = 'gone' then '(which counts no more)' when min(l.id) is null then '(which has no line)'
        else '(line ' || min(l.id) || ')' end) as other
    from staging.replacement as r
    join prestaging.invoice_item_adjustment as a on a.entity = r.entity and a.id = r.adjustment
    left join staging.line as l on l.entity = r.entity and l.source_id = r.adjustment and l.source_object = 'InvoiceItemAdjustment'
    where r.object = ${sql.lit(item)} and r.counts in ('undecided', 'gone')
    group by r.entity, r.item, r.counts, a.adjustment_number, a.id, a.adjustment_date
  ) as "Resembled"
  on "Resembled".entity = ${sql.id(item, 'entity')} and "Resembled".item = ${sql.id(item, 'id')}`,
  };
}

/** `other`: the items that were collected before the adjustment came that they resemble, in words. */
function collectedLookalikes(): ComputedJoin {
  return {
    kind: 'run',
    alias: 'Resembled',
    clause: sql`left join (
    select r.entity, r.adjustment, string_agg(distinct concat_ws(' ', r.object, r.item, '(line ' || l.id || ')'), ' and ') as other
    from staging.replacement as r
    left join staging.line as l on l.entity = r.entity and l.source_id = r.item and l.source_object = r.object
    where r.counts = 'late'
    group by r.entity, r.adjustment
  ) as "Resembled"
  on "Resembled".entity = "InvoiceItemAdjustment".entity and "Resembled".adjustment = "InvoiceItemAdjustment".id`,
  };
}

interface Where {
  readonly entity: string;
  readonly tables: LineTables;
  /** The entity's last completed run. */
  readonly since: RawBuilder<string>;
}

/** Drivers of corrections of which it was decided since the last run whether they count, or by which day. */
export async function supplanted(trx: Db, where: Where, driver: string): Promise<RawBuilder<unknown>[]> {
  const { entity, since } = where;
  if (MEMO_ITEMS.includes(driver)) {
    return [
      sql`select item as id from staging.replacement
        where entity = ${entity} and object = ${driver} and changed_run > ${since}`,
    ];
  }
  return driver === ADJUSTMENT && (await hasSwitched(trx, entity)) ? adjustments(where) : [];
}

/** Those that a memo stands for now, and those dated later than the switch: nobody may collect them any more. */
const adjustments = ({ entity, tables, since }: Where): RawBuilder<unknown>[] => [
  sql`select adjustment as id from staging.replacement where entity = ${entity} and changed_run > ${since}`,
  sql`select l.source_id as id from ${tables.line} as l
    join ${tables.state} as s on s.entity = l.entity and s.id = l.id
    join control.entity as e on e.entity = l.entity
    join prestaging.invoice_item_adjustment as a on a.entity = l.entity and a.id = l.source_id
    where l.entity = ${entity} and l.source_object = ${ADJUSTMENT} and s.status in ${UNCOLLECTED}
      and a.adjustment_date >= e.settled_on`,
];

/** Whether credits came as adjustments before they came as memos. */
export async function hasSwitched(db: Db, entity: string): Promise<boolean> {
  const { rows } = await sql<{ some: boolean }>`
    select exists (
      select from control.entity where entity = ${entity} and invoice_settlement and settled_on is not null
    ) as some`.execute(db);
  return rows[0]?.some === true;
}

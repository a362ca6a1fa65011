import { type RawBuilder, sql } from 'kysely';

import type { Db } from '../database.ts';
import { reportAdjustmentsAfterSwitch } from '../findings/adjustments-after-switch.ts';
import { readLastRun } from './last-run.ts';
import { hasSwitched } from './supplanting.ts';

interface Scope {
  readonly run: string;
  readonly entity: string;
  readonly org: string;
}

const CORRECTIONS = [
  'invoice_item_adjustment',
  'credit_memo',
  'credit_memo_item',
  'debit_memo',
  'debit_memo_item',
] as const;

/**
 * Finds the memo items that Billing made in place of adjustments, into `staging.replacement`, with which of the two
 * counts. Certain is what an item, or its memo, says itself by naming the adjustment's id or number, when the
 * amounts are the same: then the one that is collected counts, else the adjustment where it is dated before the day
 * on which memos took over, else the memo. A memo that only looks alike (the same invoice item and amount, and the same
 * service period or, of an older one, date), and one that names an adjustment and corrects by another amount, is left
 * for a person to decide; where it is collected, the adjustment is. Adjustments that count no way become findings.
 * Pairs are not looked for unless a correction changed since the last run. Repeating it changes nothing.
 */
export async function takeReplacedAdjustments(trx: Db, scope: Scope): Promise<void> {
  const { entity } = scope;
  if (!(await hasSwitched(trx, entity))) return;
  if (await hasNews(trx, entity)) await takePairs(trx, scope);
  // Every run: the switch itself drops adjustments, whatever changed.
  await reportAdjustmentsAfterSwitch(trx, scope);
}

async function takePairs(trx: Db, scope: Scope): Promise<void> {
  const { entity, org, run } = scope;
  await sql`create temporary table paired on commit drop as ${pairs(entity)}`.execute(trx);
  await sql`
    insert into staging.replacement as r (entity, org, object, item, adjustment, counts, changed_run)
    select ${entity}, ${org}, object, item, adjustment, counts, ${run}::bigint from paired
    on conflict (entity, object, item) do update
      set adjustment = excluded.adjustment, counts = excluded.counts, changed_run = excluded.changed_run
      where (r.adjustment, r.counts) <> (excluded.adjustment, excluded.counts)`.execute(trx);
  await dissolve(trx, scope);
  await sql`drop table paired`.execute(trx);
}

/**
 * What becomes of pairs that are none any more. A collected memo goes on standing for its adjustment; beside a collected
 * adjustment a memo is held. A memo that a person rejected for an adjustment that went is held again: the decision was
 * about the two.
 */
async function dissolve(trx: Db, { entity, run }: Scope): Promise<void> {
  await sql`
    create temporary table dissolved on commit drop as
    select r.object, r.item, r.counts as was, case
        when e.item and e.adjustment then 'both'
        when e.item and r.counts in ('memo', 'undecided') then r.counts
        when e.adjustment and not e.item and r.counts <> 'both' then 'undecided'
        when not e.item and (r.counts = 'gone' or r.counts = 'undecided' and e.rejected and not e.there) then 'gone'
        else 'both' end as counts
    from staging.replacement as r
    cross join lateral (
      select ${isCollected(sql`r.object`, sql`r.item`)} as item,
        ${isCollected(sql`'InvoiceItemAdjustment'`, sql`r.adjustment`)} as adjustment,
        exists (
          select from staging.line as l join staging.line_state as s on s.entity = l.entity and s.id = l.id
          where l.entity = r.entity and l.source_object = r.object and l.source_id = r.item and s.status = 'rejected'
        ) as rejected,
        exists (
          select from prestaging.invoice_item_adjustment as a
          where a.entity = r.entity and a.id = r.adjustment and not a.deleted and a.status = 'Processed'
        ) as there
    ) as e
    where r.entity = ${entity} and r.counts <> 'both'
      and not exists (select from paired as p where p.object = r.object and p.item = r.item)`.execute(trx);
  await sql`
    update staging.replacement as r set counts = d.counts, changed_run = ${run}::bigint
    from dissolved as d
    where r.entity = ${entity} and r.object = d.object and r.item = d.item and r.counts <> d.counts`.execute(
    trx,
  );
  await sql`
    update staging.release as r set content = ''
    from dissolved as d
    join staging.line as l on l.entity = ${entity} and l.source_object = d.object and l.source_id = d.item
    where d.counts = 'gone' and d.was <> 'gone' and r.entity = l.entity and r.line = l.id
      and r.released_as = 'rejected'`.execute(trx);
  await sql`drop table dissolved`.execute(trx);
}

const isCollected = (
  object: RawBuilder<unknown>,
  id: RawBuilder<unknown>,
): RawBuilder<boolean> => sql<boolean>`exists (
          select from staging.line as c join revenue.line as t on t.entity = c.entity and t.line = c.id
          where c.entity = r.entity and c.source_object = ${object} and c.source_id = ${id}
        )`;

async function hasNews(trx: Db, entity: string): Promise<boolean> {
  const since = await readLastRun(trx, entity);
  const changed = CORRECTIONS.map(
    (table) => sql`exists (
      select from ${sql.table(`prestaging.${table}`)} where entity = ${entity} and changed_run > ${since}
    )`,
  );
  const { rows } = await sql<{ news: boolean }>`
    select (${sql.join(changed, sql` or `)}) and exists (
      select from prestaging.invoice_item_adjustment where entity = ${entity}
    ) as news`.execute(trx);
  return rows[0]?.news === true;
}

/**
 * Rows of `object`, `item`, `adjustment` and `counts`. What is collected is in the sets whatever became of it in
 * Billing: it stays collected. `apart`: memo items that a person released as another correction, and that are collected.
 */
const pairs = (entity: string): RawBuilder<unknown> => sql`
    with adjustment as materialized (${adjustments(entity)}
    ), every_item as materialized (${items(entity, 'credit')} union all ${items(entity, 'debit')}
    ), apart as materialized (
      select i.object, i.id as item, i.was_of as adjustment
      from every_item as i where i.released and i.was in ('undecided', 'both')
    ), item as materialized (
      select i.* from every_item as i
      where not exists (select from apart as a where a.object = i.object and a.item = i.id)
    ), named as materialized (${named()}
    ), unnamed as materialized (
      select i.* from item as i
      where not exists (select from named as n where n.object = i.object and n.item = i.id)
    ), untaken as materialized (
      select a.* from adjustment as a
      where a.stands and not exists (select from named as n where n.adjustment = a.id)
    ), of_period as materialized (${alike(sql`unnamed`, sql`untaken`, ['service_start_date', 'service_end_date'])}
    ), of_day as materialized (${alike(
      sql`(select u.* from unnamed as u where u.memo_date < u.settled_on and not exists (
        select from of_period as p where p.object = u.object and p.item = u.id
      ))`,
      sql`(select u.* from untaken as u where not exists (select from of_period as p where p.adjustment = u.id))`,
      ['memo_date'],
    )}
    )
    select object, item, adjustment, counts from named where counts is not null
    union all
    select object, item, adjustment, counts from (table of_period union all table of_day) as p
    union all
    select object, item, adjustment, 'both' from apart`;

/** `stands`: it counts, unless a memo certainly does. */
const adjustments = (entity: string): RawBuilder<unknown> => sql`
      select a.id, a.adjustment_number, coalesce(a.invoice_item_id, a.source_id) as invoice_item,
        case lower(a.type) when 'credit' then 'CreditMemoItem' when 'charge' then 'DebitMemoItem' end as object,
        a.amount, a.service_start_date, a.service_end_date, a.adjustment_date as memo_date,
        coalesce(l.collected, false) as collected, coalesce(l.collected, false) or a.adjustment_date < e.settled_on as stands
      from prestaging.invoice_item_adjustment as a
      join control.entity as e on e.entity = a.entity
      left join ${collected(entity, 'InvoiceItemAdjustment')} as l on l.source_id = a.id
      where a.entity = ${entity} and lower(a.source_type) is distinct from 'tax'
        and (l.collected or not a.deleted and a.status = 'Processed')`;

function items(entity: string, kind: 'credit' | 'debit'): RawBuilder<unknown> {
  const memo = sql.table(`prestaging.${kind}_memo`);
  const item = sql.table(`prestaging.${kind}_memo_item`);
  const object = kind === 'credit' ? 'CreditMemoItem' : 'DebitMemoItem';
  return sql`
      select ${sql.lit(object)} as object, i.id, i.invoice_item_id as invoice_item,
        coalesce(i.amount_without_tax, i.amount) as amount, i.service_start_date, i.service_end_date, m.memo_date,
        i.source_item_id, ${kind === 'credit' ? sql`i.credit_from_item_id` : sql`null::text`} as credit_from_item_id,
        m.source_id as memo_source_id, e.settled_on, coalesce(l.collected, false) as collected,
        coalesce(l.released, false) as released, r.counts as was, r.adjustment as was_of
      from ${item} as i
      join ${memo} as m on m.entity = i.entity and m.id = i.${sql.ref(`${kind}_memo_id`)}
      join control.entity as e on e.entity = i.entity
      left join ${collected(entity, object)} as l on l.source_id = i.id
      left join staging.replacement as r on r.entity = i.entity and r.object = ${sql.lit(object)} and r.item = i.id
      where i.entity = ${entity} and (l.collected or not i.deleted and not m.deleted and m.status = 'Posted')
        and (lower(i.processing_type) in ('3', 'tax')) is not true`;
}

/** `released`: a person said that it is another correction. */
const collected = (entity: string, object: string): RawBuilder<unknown> => sql`(
        select c.source_id, true as collected, coalesce(bool_or(d.released_as = 'correction'), false) as released
        from staging.line as c join revenue.line as r on r.entity = c.entity and r.line = c.id
        left join staging.release as d on d.entity = c.entity and d.line = c.id
        where c.entity = ${entity} and c.source_object = ${object}
        group by c.source_id
      )`;

/** What counts of a named adjustment and one of its items, when together they come to its amount. */
const OF_CERTAIN = sql`case
            when by_adjustment and collected then 'both' when by_adjustment then 'adjustment'
            when by_memo then 'memo' when stands then 'adjustment' else 'memo' end`;

/** And when they do not. What counted by a collected memo goes on so. */
const OF_UNCERTAIN = sql`case
            when not collected then case when stands or by_memo then 'undecided' end
            when by_adjustment then 'both' when was = 'memo' then 'memo' when stands then 'late' end`;

/** What names the adjustment. A memo that does has perhaps more items than the one about its invoice item. */
const named = (): RawBuilder<unknown> => sql`
      select distinct on (object, item) object, item, adjustment,
        case when certain then ${OF_CERTAIN} else ${OF_UNCERTAIN} end as counts
      from (
        select n.object, n.id as item, a.id as adjustment, a.stands, a.collected as by_adjustment, n.collected,
          case when n.was_of = a.id then n.was end as was,
          bool_or(n.collected) over (partition by a.id) as by_memo,
          a.object is not distinct from n.object and sum(n.amount) over (partition by a.id) = a.amount as certain
        from (
          select distinct i.object, i.id, i.amount, i.collected, i.was, i.was_of, a.id as adjustment
          from item as i
          cross join lateral (values (i.source_item_id, false), (i.credit_from_item_id, false), (i.memo_source_id, true)) as v (name, by_memo)
          join (
            select id, id as name, invoice_item from adjustment
            union all select id, adjustment_number, invoice_item from adjustment
          ) as a on a.name = v.name
          where not v.by_memo or i.invoice_item is null or i.invoice_item = a.invoice_item
        ) as n join adjustment as a on a.id = n.adjustment
      ) as each
      order by object, item, certain desc, adjustment`;

/**
 * An item and an adjustment that are equal in all of it, one adjustment for each item: the one it had, else the first
 * with the first. Whatever of the two is not collected waits for a person.
 */
function alike(
  memos: RawBuilder<unknown>,
  corrections: RawBuilder<unknown>,
  equal: readonly string[],
): RawBuilder<unknown> {
  const key = sql.join(['object', 'invoice_item', 'amount', ...equal].map((column) => sql.ref(column)));
  const placed = (from: RawBuilder<unknown>) => sql`(
        select *, row_number() over (partition by ${key} order by memo_date, id) as place from ${from} as every
      )`;
  return sql`
      select distinct on (object, i.id) object, i.id as item, a.id as adjustment,
        case when i.collected then 'late' else 'undecided' end as counts
      from ${placed(memos)} as i join ${placed(corrections)} as a using (${key})
      where not (i.collected and a.collected)
      order by object, i.id, a.id is not distinct from i.was_of desc, a.place = i.place desc, a.place`;
}

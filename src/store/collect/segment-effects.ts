import { type RawBuilder, sql } from 'kysely';

import { PROMISED_FIELDS } from '../../domain/contract-changes/compared-fields.ts';
import type { SegmentEffect } from '../../domain/contract-changes/order-actions.ts';
import type { Db } from '../database.ts';

/**
 * `segment_change`: the collected SO lines that change a contract, each with its `effect` on its charge and, where the
 * segment it is compared with has another quantity, `another_quantity`. A segment that a new version of its
 * subscription carries over as it was is not among them, unless a person released it or it goes to another contract.
 */
export async function takeSegmentChanges(trx: Db, org: string): Promise<void> {
  await takeNeighbours(trx, org);
  await sql`
    create temporary table segment_change on commit drop as
    select c.so_line_id, c.entity, c.id as line, c.contract, c.amount, c.currency, c.released_as, b.obligation,
      w.entity as was_entity, w.line as was_line, w.amount as was_amount, w.lifted as was_lifted,
      w.contract as was_contract, w.currency as was_currency, n.skip_ct_mod = 'Yes' as skip_ct_mod,
      ${effectOf} as effect,
      coalesce(case when w.so_line_id is null then e.ordered_qty else p.ordered_qty end
        <> coalesce(x.ordered_qty, n.ordered_qty), false) as another_quantity
    from candidate as c
    join staging.line as n on n.entity = c.entity and n.id = c.id
    join revenue.booking as b on b.org = ${org} and b.so_line_id = c.so_line_id
    left join booking_before as w on w.so_line_id = c.so_line_id
    left join staging.line as p on p.entity = w.entity and p.id = w.line
    left join neighbour as s on s.so_line_id = c.so_line_id
    left join staging.line as e on e.entity = s.earlier_entity and e.id = s.earlier
    left join staging.line as x on x.entity = s.next_entity and x.id = s.next
      and w.so_line_id is not null and x.revenue_start_date = n.revenue_end_date
    where c.type = 'SO' and c.outcome = 'collected' and (
      w.so_line_id is null or c.released_as is not null or w.contract <> c.contract or ${promisedElse}
    )`.execute(trx);
  await sql`analyze segment_change`.execute(trx);
}

/** The segments before and after each one, of charges that have several and that this collection has a line of. */
async function takeNeighbours(trx: Db, org: string): Promise<void> {
  await sql`
    create temporary table neighbour on commit drop as
    select so_line_id, lag(entity) over w as earlier_entity, lag(line) over w as earlier,
      lead(entity) over w as next_entity, lead(line) over w as next
    from (
      select b.so_line_id, b.contract, b.entity, b.line, split_part(b.so_line_id, '.', 1) as charge,
        split_part(b.so_line_id, '.', 3) as discount, revenue.segments_of(b.so_line_id) as segments
      from revenue.booking as b
      where b.org = ${org} and b.contract in (
        select contract from candidate
        where type = 'SO' and outcome = 'collected' and revenue.segments_of(so_line_id) <> '{1}'
        union
        select contract from booking_before
      )
    ) as booked
    where cardinality(segments) > 0
    window w as (partition by contract, charge, discount order by segments)`.execute(trx);
  await sql`analyze neighbour`.execute(trx);
}

const promisedElse = sql.join(
  PROMISED_FIELDS.map(({ column }) => sql`${sql.id('n', column)} is distinct from ${sql.id('p', column)}`),
  sql` or `,
);

/** The segment came with the one before it: in the first version, as a ramp, or with a product that was added. */
const cameTogether = sql`(
  n.subscription_version = 1 or (n.amendment_reason = '' and n.ramp_deal_ref is not null)
  or (n.amendment_reason = 'New' and e.amendment_reason = 'New' and e.subscription_version = n.subscription_version)
)`;

const goesOn = sql`(
  e.revenue_end_date is null or n.revenue_start_date <= e.revenue_end_date or e.skip_ct_mod = 'Yes'
)`;

const endMoved = sql`n.revenue_end_date is distinct from p.revenue_end_date`;
const endsEarlier = sql`(p.revenue_end_date is null or n.revenue_end_date < p.revenue_end_date)`;
/** The charge ended with its subscription and still does, on another day. */
const withSubscription = sql`(
  p.revenue_end_date = p.subscription_end_date and n.revenue_end_date = n.subscription_end_date
)`;

/** In this order; what a condition cannot tell for want of a date does not hold. */
const EFFECTS: readonly (readonly [SegmentEffect, RawBuilder<unknown>])[] = [
  ['standalone', sql`c.so_line_id like 'REVSYNC-%'`],
  ['renewed', sql`w.so_line_id is null and n.amendment_reason = 'Renewal'`],
  ['subscribed', sql`w.so_line_id is null and n.subscription_version = 1`],
  ['first', sql`w.so_line_id is null and (e.id is null or ${cameTogether})`],
  ['next', sql`w.so_line_id is null and ${goesOn}`],
  ['resumed', sql`w.so_line_id is null`],
  ['cut-away', sql`${endMoved} and x.revenue_start_date = n.revenue_start_date`],
  ['cancelled', sql`${endMoved} and n.amendment_reason = 'Cancellation'`],
  ['cut-short', sql`${endMoved} and ${endsEarlier} and (n.skip_ct_mod = 'Yes' or x.id is not null)`],
  ['term-moved', sql`${endMoved} and ${withSubscription}`],
  ['suspended', sql`${endMoved} and ${endsEarlier} and n.amendment_type ilike 'suspend%'`],
  ['ended-earlier', sql`${endMoved} and ${endsEarlier}`],
  ['ends-later', endMoved],
  [
    'revalued',
    sql`row(n.ordered_qty, n.ext_sell_price, n.ext_list_price)
      is distinct from row(p.ordered_qty, p.ext_sell_price, p.ext_list_price)`,
  ],
];

const effectOf = sql`case ${sql.join(
  EFFECTS.map(([effect, holds]) => sql`when ${holds} then ${sql.lit(effect)}`),
  sql` `,
)} else 'changed' end`;

import { sql } from 'kysely';

import { DELETED_IN_BILLING } from '../../domain/findings.ts';
import type { Db } from '../database.ts';

/**
 * `billed`: what was booked and billed of each touched SO line, from all of its collected lines in the currency of its
 * booking. `invoiced_before` is what was invoiced before the booking was last lowered, told of those SO lines only
 * that it makes a difference to: elsewhere all is `invoiced_since`.
 */
export async function takeBilled(trx: Db, org: string): Promise<void> {
  const of = (type: string) => sql`coalesce(sum(l.amount) filter (where l.type = ${type}), 0)`;
  await sql`
    create temporary table billed on commit drop as
    select b.so_line_id, b.amount as booked, b.invoice_driven, 0::numeric as invoiced_before,
      ${of('INV')} as invoiced_since, ${of('CM')} as credited, ${of('CM-C')} as reversed,
      case when b.invoice_driven then max(l.ends) filter (where l.type = 'INV') end as billed_until,
      coalesce(min(l.version) filter (where l.type = 'INV') < b.version, false) as billed_earlier,
      b.contract, b.currency, b.entity, b.line
    from touched as t
    join revenue.booking as b on b.org = ${org} and b.so_line_id = t.so_line_id
    left join revenue.line as l on l.org = b.org and l.so_line_id = b.so_line_id
      and l.type <> 'SO' and l.currency = b.currency
    group by b.org, b.so_line_id`.execute(trx);
  await sql`analyze billed`.execute(trx);
  await splitWhereLowered(trx, org);
}

/**
 * The versions of an SO line are those in Staging up to the one that stands, superseded ones too: what a booking came
 * down from does not depend on which of them were there in time to be collected. Amounts are compared without sign, as
 * none changes its sign. One that was superseded because Billing deleted it never counted.
 */
async function splitWhereLowered(trx: Db, org: string): Promise<void> {
  await sql`
    with overbilled as (
      select b.so_line_id, b.entity, b.currency, so.subscription_name, so.form,
        coalesce(so.subscription_version, 0) as version
      from billed as b
      join staging.line as so on so.entity = b.entity and so.id = b.line
      where b.billed_earlier and not b.invoice_driven
        and abs(b.invoiced_since + b.credited + b.reversed) > abs(b.booked)
    ), told as (
      select distinct on (o.so_line_id, v.version) o.so_line_id, v.version, abs(l.ext_sell_price) as amount
      from overbilled as o
      join staging.line as l on l.type = 'SO' and l.subscription_name = o.subscription_name and l.entity = o.entity
        and l.so_line_id = o.so_line_id and l.transaction_currency = o.currency
      cross join lateral (select coalesce(l.subscription_version, 0) as version) as v
      left join staging.line_state as s on s.entity = l.entity and s.id = l.id
      left join candidate as c on c.entity = l.entity and c.id = l.id
      where (v.version, l.form) <= (o.version, o.form)
        and coalesce(c.outcome, s.status, 'collected') in ('collected', 'superseded') and not exists (
          select from staging.finding as f
          where f.entity = l.entity and f.line = l.id and f.finding = ${DELETED_IN_BILLING} and f.resolved_at is null
            and s.status is not distinct from 'superseded'
        )
      order by o.so_line_id, v.version, l.form desc
    ), lowered as (
      select so_line_id, max(version) filter (where amount < before) as version
      from (
        select *, lag(amount) over (partition by so_line_id order by version) as before from told
      ) as one_by_one
      group by so_line_id
    )
    update billed as b set invoiced_before = i.amount, invoiced_since = b.invoiced_since - i.amount
    from (
      select o.so_line_id, sum(l.amount) as amount
      from overbilled as o
      join lowered as w on w.so_line_id = o.so_line_id
      join revenue.line as l on l.org = ${org} and l.so_line_id = o.so_line_id and l.type = 'INV'
        and l.currency = o.currency and l.version < w.version
      group by o.so_line_id
    ) as i
    where i.so_line_id = b.so_line_id`.execute(trx);
}

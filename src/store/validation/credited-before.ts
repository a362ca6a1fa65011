import { type RawBuilder, sql } from 'kysely';

import { baseOf } from '../recollect/updated-form.ts';
import { CREDITED_INVOICE } from './credited-invoice.ts';

/**
 * Joins to a CM of `candidate as c` what other CMs take of the invoice line that it names before it does: those that
 * are collected, then those that come along, by date and id. A credit that is more than the invoice line all by itself
 * takes nothing unless a person lets it pass, and a form that is being replaced does not count.
 */
export const creditedBefore = (org: string): RawBuilder<unknown> => sql`
  left join (
    select entity, id, coalesce(sum(amount) over (
        partition by entity, so_line_id, credits order by collected desc, dated, id collate "C"
        rows between unbounded preceding and 1 preceding
      ), 0) as amount
    from (
      select c.entity, c.id, c.so_line_id, c.credits, c.invoice_date as dated, r.line is not null as collected,
        case when abs(c.amount) <= abs("Invoice".ext_sell_price) or c.overridden then abs(c.amount) else 0 end as amount
      from candidate as c
      ${CREDITED_INVOICE}
      left join revenue.line as r on r.org = ${org} and r.entity = c.entity and r.line = c.id
      where c.type = 'CM' and c.credits is not null and c.outcome is null
      union all
      select r.entity, r.line, r.so_line_id, r.credits, r.dated, true, abs(r.amount)
      from revenue.line as r
      where r.org = ${org} and r.type = 'CM' and (r.entity, r.so_line_id, r.credits) in (
        select entity, so_line_id, credits from candidate where type = 'CM' and outcome is null
      ) and not exists (
        select from candidate as c where c.type = 'CM' and c.outcome is null
          and c.entity = r.entity and ${baseOf(sql`c.id`)} = ${baseOf(sql`r.line`)}
      )
    ) as crediting
  ) as "Credited" on "Credited".entity = c.entity and "Credited".id = c.id`;

/** Of a credit that other rules stop nothing is told: it is judged as if it were the first. */
export const CREDITED_BEFORE: RawBuilder<unknown> = sql`coalesce("Credited".amount, 0)`;

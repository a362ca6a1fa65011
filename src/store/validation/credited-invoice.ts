import { type RawBuilder, sql } from 'kysely';

import { baseOf } from '../recollect/updated-form.ts';

/**
 * Joins to `candidate as c` the invoice line that a credit names: its newest form that is collected or comes along,
 * else the line as it came first, whatever became of that. Later forms are few.
 */
export const CREDITED_INVOICE: RawBuilder<unknown> = sql`
  left join (
    select distinct on (l.entity, named) l.entity, ${baseOf(sql`l.id`)} as named, l.id
    from staging.line as l
    left join candidate as f on f.entity = l.entity and f.id = l.id and (f.outcome is null or f.outcome = 'collected')
    left join revenue.line as r on r.entity = l.entity and r.line = l.id
    where l.form > 1 and l.type = 'INV' and l.entity in (select entity from candidate)
      and (f.id is not null or r.line is not null)
    order by l.entity, named, l.form desc
  ) as newest on newest.entity = c.entity and newest.named = c.credits
  left join staging.line as "Invoice"
    on "Invoice".entity = c.entity and "Invoice".id = coalesce(newest.id, c.credits)`;

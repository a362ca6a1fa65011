import { sql } from 'kysely';

import type { Db } from '../database.ts';

/**
 * The credits that the integration makes itself, of the touched SO lines: CM-C for what is billed beyond the booking,
 * CM-RO for what CM-Cs take beyond the invoices (domain.md 5.5). They have no effect on receivables, and none is left
 * once Billing's own documents settle the difference.
 */
export async function writeSystemCredits(trx: Db, org: string): Promise<void> {
  await sql`
    create temporary table due_credit on commit drop as
    select g.so_line_id, v.type, g.contract, v.amount, g.currency, v.cause
    from grown as g cross join lateral (values
      ('CM-C', g.system_credit, case when abs(g.invoiced_before) > abs(g.booked)
        then 'booked-below-invoiced' else 'invoiced-beyond-booked' end),
      ('CM-RO', g.system_return, 'credited-beyond-invoiced')
    ) as v (type, amount, cause)
    where v.amount <> 0`.execute(trx);
  await sql`
    insert into booking_change (so_line_id, field, was, became)
    select coalesce(d.so_line_id, s.so_line_id), 'system ' || coalesce(d.type, s.type),
      trim_scale(s.amount)::text, trim_scale(d.amount)::text
    from due_credit as d
    full join (
      select s.so_line_id, s.type, s.amount from grown as g
      join revenue.system_credit as s on s.org = ${org} and s.so_line_id = g.so_line_id
    ) as s on s.so_line_id = d.so_line_id and s.type = d.type
    where s.amount is distinct from d.amount`.execute(trx);
  await sql`
    delete from revenue.system_credit as s using grown as g
    where s.org = ${org} and s.so_line_id = g.so_line_id and not exists (
      select from due_credit as d where d.so_line_id = s.so_line_id and d.type = s.type
    )`.execute(trx);
  await sql`
    insert into revenue.system_credit as s (org, so_line_id, type, contract, amount, currency, cause)
    select ${org}, so_line_id, type, contract, amount, currency, cause from due_credit
    on conflict (org, so_line_id, type) do update
      set contract = excluded.contract, amount = excluded.amount, currency = excluded.currency, cause = excluded.cause
      where row(s.contract, s.amount, s.currency, s.cause)
        is distinct from row(excluded.contract, excluded.amount, excluded.currency, excluded.cause)`.execute(
    trx,
  );
  await sql`analyze booking_change`.execute(trx);
}

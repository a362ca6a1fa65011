import { sql } from 'kysely';

import { rowsOf } from '../../limitations/rows.ts';
import type { Db } from '../database.ts';
import { billingsFlow } from '../limitations/charge-stops.ts';

const ITEMS = ['InvoiceItem', 'CreditMemoItem', 'DebitMemoItem'] as const;

/**
 * Bookings made for what is billed for a fixed-amount discount wait while the discount is stopped by another rule, too,
 * and their billings with them. What a person released as standalone goes on.
 */
export async function waitForDiscounts(trx: Db, org: string): Promise<void> {
  const items = ITEMS.map(
    (object) => sql`
      select item.entity, ${sql.lit(object)} as object, item.id
      from discount as d
      join ${rowsOf(object, 'item')} on item.entity = d.entity and item.rate_plan_charge_id = d.charge`,
  );
  await sql`
    with discount as materialized (
      select l.entity, l.source_id as charge
      from staging.line_state as s
      join staging.line as l on l.entity = s.entity and l.id = s.id and l.source_object = 'RatePlanCharge'
      where s.org = ${org} and s.status in ('stopped', 'rejected') and l.withheld is not null
        and ${billingsFlow(sql`l.withheld`, { others: true })}
    )
    update candidate as c set outcome = 'waits-for-booking', why = 'waits-for-booking/discount'
    from (${sql.join(items, sql` union all `)}) as billed
    join staging.line as made on made.entity = billed.entity and made.source_object = billed.object
      and made.source_id = billed.id and made.type = 'SO'
    where c.entity = made.entity and c.id = made.id and c.outcome is null and not exists (
      select from candidate as own where own.so_line_id = c.so_line_id and own.released_as = 'standalone'
    )`.execute(trx);
}

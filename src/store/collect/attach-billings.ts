import { sql } from 'kysely';

import type { Db } from '../database.ts';
import type { Collecting } from './collect-bookings.ts';

/**
 * Attaches billing lines to the obligation of their SO line. A billing waits for its booking, for the
 * charge version it was billed under, and for the period of its invoice date, in that order.
 */
export async function attachBillings(trx: Db, { org, collection, periodEnd }: Collecting): Promise<void> {
  await sql`
    update candidate as c set contract = o.contract, outcome = case
        when o.contract is null then 'waits-for-booking'
        when later.so_line_id is not null and later.version <= c.version then 'waits-for-charge-version'
        when c.invoice_date >= ${periodEnd}::date then 'waits-for-open-period'
        else 'collected'
      end
    from candidate as self
    left join revenue.booking as o on o.org = ${org} and o.so_line_id = self.so_line_id
    left join (
      select so_line_id, min(version) as version from candidate
      where type = 'SO' and outcome = 'waits-for-open-period' group by so_line_id
    ) as later on later.so_line_id = self.so_line_id
    where self.entity = c.entity and self.id = c.id and c.type <> 'SO'`.execute(trx);
  await sql`
    insert into revenue.line (entity, org, line, type, contract, so_line_id, amount, currency, collection)
    select entity, ${org}, id, type, contract, so_line_id, amount, currency, ${collection}
    from candidate where type <> 'SO' and outcome = 'collected'`.execute(trx);
}

import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { billingsFlow } from '../limitations/charge-stops.ts';

/**
 * Says of every billing line whether it can be collected. It waits for its booking, for the charge version it was
 * billed under, and for the period of its invoice date, in that order; the day it is dated against that of its booking
 * does not matter (known limitations, "Invoice date earlier than booking date"). `candidate.why` tells more of what it waits for.
 */
export async function attachBillings(
  trx: Db,
  { org, periodEnd }: { org: string; periodEnd: string },
): Promise<void> {
  await sql`
    update candidate as c set contract = b.contract,
      outcome = case when c.invoice_date >= ${periodEnd}::date then 'waits-for-open-period' else 'collected' end
    from revenue.booking as b
    where b.org = ${org} and b.so_line_id = c.so_line_id
      and (b.version >= c.version or c.so_line_id like 'REVSYNC-%')
      and c.type <> 'SO' and c.outcome is null`.execute(trx);
  await attachToOlder(trx, org, periodEnd);
  await sql`analyze candidate`.execute(trx);
}

/**
 * The rest was billed under a newer version than its booking stands at, or has none. The booking of exactly that
 * version is staged, since a billing is not formed without its charge: what became of it decides.
 */
async function attachToOlder(trx: Db, org: string, periodEnd: string): Promise<void> {
  await sql`
    with versions as (
      select c.entity, c.id, 'SO:' || c.so_line_id || '@' ||
        case when c.so_line_id like 'REVSYNC-%' then '1' else c.version::text end as booking
      from candidate as c where c.type <> 'SO' and c.outcome is null
    ), found as (
      select v.entity, v.id, b.contract, case
          when ${stopsNoBilling} then null
          when so.outcome = 'waits-for-open-period' then 'later'
          when so.outcome in ('superseded', 'rejected') then so.outcome
          when so.outcome is not null then 'stopped'
          else s.status
        end as own
      from versions as v
      join candidate as c on c.entity = v.entity and c.id = v.id
      left join revenue.booking as b on b.org = ${org} and b.so_line_id = c.so_line_id
      left join staging.line_state as s on s.entity = v.entity and s.id = v.booking
      left join staging.line as l on l.entity = v.entity and l.id = v.booking
      left join candidate as so on so.entity = v.entity and so.id = v.booking
    )
    update candidate as c set contract = f.contract, outcome = case
        when f.contract is not null and f.own = 'later' then 'waits-for-charge-version'
        when f.contract is null or f.own is not null then 'waits-for-booking'
        when c.invoice_date >= ${periodEnd}::date then 'waits-for-open-period'
        else 'collected'
      end,
      why = case f.own
        when 'held' then 'waits-for-booking/held'
        when 'stopped' then 'waits-for-booking/stopped'
        when 'superseded' then 'waits-for-booking/superseded'
        when 'rejected' then 'waits-for-booking/rejected'
      end
    from found as f where f.entity = c.entity and f.id = c.id`.execute(trx);
}

/** Of a discount that was booked before: its billings go on following that booking. */
const stopsNoBilling = billingsFlow(sql`l.withheld`, { others: false });

/** Writes down the billing lines that can be collected. */
export async function collectBillings(
  trx: Db,
  { org, collection }: { org: string; collection: string },
): Promise<void> {
  await sql`
    insert into revenue.line (entity, org, line, type, contract, so_line_id, amount, currency, collection,
      version, dated, ends, credits)
    select entity, ${org}, id, type, contract, so_line_id, amount, currency, ${collection},
      version, invoice_date, ends, credits
    from candidate where type <> 'SO' and outcome = 'collected'`.execute(trx);
}

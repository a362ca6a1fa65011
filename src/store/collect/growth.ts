import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { takeBilled } from './billed.ts';
import { growthFormula } from './growth-formula.ts';

/**
 * What the billings of the touched SO lines make of their bookings: lift, concession and the end that evergreen
 * invoices tell, from all collected lines of the SO line in the currency of its booking. Makes, for the phases after it:
 * - `touched`: the SO lines that this collection has a line of (a late one tells what the booking was lowered from), and
 *   those of `revenue.due_growth`;
 * - `grown`: what each comes to, its system credits among it;
 * - `booking_change (so_line_id, field, was, became)`: what changed, as text.
 */
export async function growBookings(trx: Db, org: string): Promise<void> {
  await sql`
    create temporary table touched on commit drop as
    select so_line_id from candidate where outcome = 'collected' or (outcome = 'superseded' and type = 'SO')
    union select so_line_id from revenue.due_growth where org = ${org}`.execute(trx);
  await trx.deleteFrom('revenue.due_growth').where('org', '=', org).execute();
  await sql`analyze touched`.execute(trx);
  await sql`
    create temporary table booking_change (so_line_id text not null, field text not null, was text, became text)
    on commit drop`.execute(trx);
  await takeGrown(trx, org);
  await recordChanges(trx, org);
  await sql`
    update revenue.booking as b set lifted = g.lifted, conceded = g.conceded, lasts_until = g.lasts_until
    from grown as g where b.org = ${org} and b.so_line_id = g.so_line_id
      and (b.lifted, b.conceded, b.lasts_until) is distinct from (g.lifted, g.conceded, g.lasts_until)`.execute(
    trx,
  );
}

async function takeGrown(trx: Db, org: string): Promise<void> {
  await takeBilled(trx, org);
  await sql`
    create temporary table grown on commit drop as
    select g.*, case when upper(so.subscription_type) = 'EVERGREEN' and so.revenue_end_date is null
      then g.billed_until end as lasts_until
    from (${growthFormula(sql`select * from billed`, await overstatedAllowed(trx))}) as g
    left join staging.line as so on g.billed_until is not null and so.entity = g.entity and so.id = g.line`.execute(
    trx,
  );
  await sql`analyze grown`.execute(trx);
}

async function recordChanges(trx: Db, org: string): Promise<void> {
  await sql`
    insert into booking_change (so_line_id, field, was, became)
    select g.so_line_id, v.field, v.was, v.became
    from grown as g
    join revenue.booking as b on b.org = ${org} and b.so_line_id = g.so_line_id
    cross join lateral (values
      ('lifted', trim_scale(b.lifted)::text, trim_scale(g.lifted)::text),
      ('conceded', trim_scale(b.conceded)::text, trim_scale(g.conceded)::text),
      ('lastsUntil', b.lasts_until::text, g.lasts_until::text)
    ) as v (field, was, became)
    where (b.lifted, b.conceded, b.lasts_until) is distinct from (g.lifted, g.conceded, g.lasts_until)
      and v.was is distinct from v.became`.execute(trx);
}

/** Profile ALLOW_OVERSTATED_INVOICE: whether an invoice beyond the booking lifts it. Yes unless it says No. */
async function overstatedAllowed(trx: Db): Promise<boolean> {
  const profile = await trx
    .selectFrom('control.profile')
    .select('value')
    .where('name', '=', 'ALLOW_OVERSTATED_INVOICE')
    .executeTakeFirst();
  return !/^n/i.test(profile?.value ?? 'Yes');
}

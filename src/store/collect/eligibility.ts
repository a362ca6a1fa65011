import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { formOf } from '../lines/form-of.ts';
import type { Collecting } from './collect-bookings.ts';

/**
 * Which SO lines are collected: those booked before the end of the open period. Of the versions of one SO line the
 * newest of these stands; older ones are superseded, whatever else they wait for (design 9 (16, 28)).
 */
export async function chooseBookings(trx: Db, { org, periodEnd }: Collecting): Promise<void> {
  await sql`
    update candidate set outcome =
      case when so_book_date >= ${periodEnd}::date then 'waits-for-open-period' else 'collected' end
    where type = 'SO' and outcome is null`.execute(trx);
  // Without it the planner holds every outcome for null, and what follows for next to nothing.
  await sql`analyze candidate`.execute(trx);
  await sql`
    update candidate as c set outcome = 'superseded', stale = true
    from revenue.booking as b
    where b.org = ${org} and b.so_line_id = c.so_line_id and c.type = 'SO'
      and c.outcome not in ('rejected', 'superseded') and (b.version, ${formOf(sql`b.line`)}) > (c.version, c.form)`.execute(
    trx,
  );
  await supersedeOlder(trx);
}

/** Of what comes together: everything older than the newest version that is collected. */
async function supersedeOlder(trx: Db): Promise<void> {
  await sql`
    update candidate as c set outcome = 'superseded'
    from (
      select entity, id, place, min(place) filter (where outcome = 'collected') over (partition by so_line_id) as newest
      from (
        select entity, id, so_line_id, outcome,
          rank() over (partition by so_line_id order by version desc, form desc) as place
        from candidate
        where type = 'SO' and so_line_id in (
          select so_line_id from candidate where type = 'SO' group by so_line_id having count(*) > 1
        )
      ) as placed
    ) as ranked
    where ranked.place > ranked.newest and ranked.entity = c.entity and ranked.id = c.id
      and c.outcome <> 'rejected'`.execute(trx);
}

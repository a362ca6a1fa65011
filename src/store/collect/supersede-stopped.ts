import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { isStoppedBooking } from '../limitations/charge-stops.ts';

/**
 * Of the SO lines that a known limitation stopped, those older than what is collected by now: nothing is left to decide
 * on them, so they are superseded as others are, and their holds go (design 9 (28)).
 */
export async function supersedeStopped(trx: Db, org: string): Promise<void> {
  await sql`
    with older as (
      update staging.line_state as s set status = 'superseded'
      from staging.line as l
      join revenue.booking as b on b.org = ${org} and b.so_line_id = l.so_line_id
        and b.version > l.subscription_version
      where s.org = ${org} and s.status = 'stopped' and l.entity = s.entity and l.id = s.id
        and l.type = 'SO' and l.form = 1 and ${isStoppedBooking(sql`l.withheld`)}
        and not exists (select from candidate as c where c.entity = s.entity and c.id = s.id)
      returning s.entity, s.id
    )
    delete from staging.hold as h using older as o where h.entity = o.entity and h.line = o.id`.execute(trx);
}

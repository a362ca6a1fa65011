import { sql } from 'kysely';

import { CLOSED_TEXT, CONTRACT_CLOSED } from '../../domain/grouping/stops.ts';
import type { Db } from '../database.ts';

/** Stops the lines that would go into a contract that is closed, booked or billed; they go on once it is opened. */
export async function stopInClosedContracts(trx: Db, org: string): Promise<void> {
  await sql`
    insert into stop (entity, id, limitation, message, remedy)
    select c.entity, c.id, ${CONTRACT_CLOSED}, replace(${CLOSED_TEXT.message}, '{contract}', r.id),
      replace(${CLOSED_TEXT.remedy}, '{contract}', r.id)
    from candidate as c join revenue.contract as r on r.org = ${org} and r.id = c.contract
    where r.status = 'closed' and c.outcome = 'collected'`.execute(trx);
  await sql`
    update candidate as c set outcome = ${CONTRACT_CLOSED}
    from stop as s
    where s.entity = c.entity and s.id = c.id and s.limitation = ${CONTRACT_CLOSED}
      and c.outcome = 'collected'`.execute(trx);
}

import { type RawBuilder, sql } from 'kysely';

import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import type { Db } from '../database.ts';

/** Whether anything of the entity is collected: before that there is nothing to compare with. */
export async function hasCollected(db: Db, entity: string): Promise<boolean> {
  const { rows } = await sql<{ some: boolean }>`
    select exists (select from revenue.line where entity = ${entity}) as some`.execute(db);
  return rows[0]?.some === true;
}

/** Whether the collected line `r` counts now: a billing does, and an SO line that its booking `b` stands at. */
export const STANDS = sql<boolean>`(r.type <> 'SO' or (b.entity = r.entity and b.line = r.line))`;

/**
 * `from` what comes after it to a condition: the collected lines `l` of a driver that count now. An SO line of an
 * older subscription version is collected, too, but what Billing says of it late changes nothing any more.
 */
export const standingLines = (
  entity: string,
  driver: BillingObject,
): RawBuilder<unknown> => sql`staging.line as l
    join revenue.line as r on r.entity = l.entity and r.line = l.id
    left join revenue.booking as b on b.org = r.org and b.so_line_id = r.so_line_id
    where l.entity = ${entity} and l.source_object = ${driver.name}
      and ${STANDS}`;

import { sql } from 'kysely';

import { FINDING_TEXTS, STALE_VERSION } from '../../domain/findings.ts';
import type { Db } from '../database.ts';

/**
 * Finds the SO lines of this collection that came after a newer version of theirs was collected: they are superseded
 * and never count, and a person should know. Reads `candidate`.
 */
export async function reportStale(trx: Db, org: string): Promise<void> {
  const opposite = sql`sign(l.ext_sell_price) * sign(b.amount) < 0`;
  const textOf = (part: 'message' | 'remedy') =>
    sql`case when ${opposite} then ${FINDING_TEXTS[`${STALE_VERSION}:opposite`]?.[part]}::text
      else ${FINDING_TEXTS[STALE_VERSION]?.[part]} end`;
  await sql`
    insert into staging.finding (entity, org, finding, object, source_id, line, amount, currency, detail, message,
      remedy, run)
    select l.entity, l.org, ${STALE_VERSION}, l.source_object, l.source_id, l.id, l.ext_sell_price,
      l.transaction_currency, jsonb_build_object('standing', b.line, 'contract', b.contract),
      replace(replace(replace(replace(${textOf('message')}, '{source}', l.source_object || ' ' || l.source_id), '{line}', l.id),
        '{version}', c.version::text), '{standing}', b.version::text), ${textOf('remedy')}, l.run
    from candidate as c
    join staging.line as l on l.entity = c.entity and l.id = c.id
    join revenue.booking as b on b.org = ${org} and b.so_line_id = c.so_line_id and b.version > c.version
    where c.stale and c.outcome = 'superseded'
    on conflict (entity, finding, object, source_id, line) do nothing`.execute(trx);
}

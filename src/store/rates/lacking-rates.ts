import { sql } from 'kysely';

import { OLDEST } from '../../domain/rates/rate-window.ts';
import type { Db } from '../database.ts';
import { NO_RATE } from '../transform/rates.ts';

/** The oldest day that lines wait for a rate of, between two currencies; null where none waits. */
export type OldestLacking = (one: string, other: string) => string | null;

/**
 * What the entity's open holds lack. A rate serves either direction, so the pair has none. Days that are never asked for
 * do not count: a mistyped one would have every run read everything.
 */
export async function oldestLacking(db: Db, entity: string): Promise<OldestLacking> {
  const { rows } = await sql<{ pair: string; day: string }>`
    select least(lacked[1], lacked[2]) || ' ' || greatest(lacked[1], lacked[2]) as pair, min(lacked[3]::date) as day
    from staging.hold as h
    join staging.line as l on l.entity = h.entity and l.id = h.line
    cross join lateral unnest(l.withheld) as w
    cross join lateral regexp_match(w, ${`^${NO_RATE}(.*) to (.*) on (.*)$`}) as lacked
    where h.entity = ${entity} and h.limitation = 'missing-exchange-rate' and lacked[3]::date >= ${OLDEST}::date
    group by 1`.execute(db);
  const days = new Map(rows.map(({ pair, day }) => [pair, day]));
  return (one, other) => days.get(`${one} ${other}`) ?? days.get(`${other} ${one}`) ?? null;
}

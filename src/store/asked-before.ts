import { sql } from 'kysely';

import type { Db } from './database.ts';

/**
 * What the export of the entity's last completed run asked for (`RunExport.asked`), of the runs that move the mark, and
 * what a backfill has brought since; null where there is none that knows.
 */
export async function askedByLastRun(db: Db, entity: string): Promise<ReadonlySet<string> | null> {
  const row = await db
    .selectFrom('control.run')
    .select(['run', 'asked'])
    .where('entity', '=', entity)
    .where('state', '=', 'completed')
    .where('moves_mark', '=', true)
    .orderBy('run', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined || row.asked.length === 0) return null;
  return new Set([...row.asked, ...(await broughtByBackfill(db, entity, row.run))]);
}

/**
 * Memos that a backfill proved to be complete after that run: their history is here, and what changed since the end of
 * it is in the window of the mark, which lies before. Only what every chunk asked for alike.
 */
async function broughtByBackfill(db: Db, entity: string, after: string): Promise<string[]> {
  const { rows } = await sql<{ asked: string }>`
    select query as asked from control.settlement_switch as s
    join control.settlement_chunk as c on c.entity = s.entity and c.kind <> 'parents'
    join control.run as r on r.run = c.run
    cross join unnest(r.asked) as query
    where s.entity = ${entity} and s.state = 'done'
    group by s.entity, query
    having min(c.run) > ${after}::bigint and count(*) = (
      select count(*) from control.settlement_chunk as every where every.entity = s.entity and every.kind <> 'parents'
    )`.execute(db);
  return rows.map(({ asked }) => asked);
}

import { sql } from 'kysely';

import type { Db } from './database.ts';

/** Of every entity that has one, its newest completed run over its standing window. */
export async function newestRuns(db: Db): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ entity: string; run: string }>`
    select entity, max(run) as run from control.run
    where state = 'completed' and moves_mark group by entity`.execute(db);
  return new Map(rows.map(({ entity, run }) => [entity, run]));
}

import type { Db } from './database.ts';

/** What the newest completed collection of an organisation came to, counts as exact text; undefined: there was none. */
export async function lastCollection(
  db: Db,
  org: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const row = await db
    .selectFrom('control.collection')
    .select('result')
    .where('org', '=', org)
    .where('state', '=', 'completed')
    .orderBy('collection', 'desc')
    .executeTakeFirst();
  return row?.result == null ? undefined : { ...row.result };
}

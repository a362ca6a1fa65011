import { sql } from 'kysely';

import type { Db } from './database.ts';

/** Refreshes what the planner knows of a table, after much of it changed in this transaction. */
export async function refreshStatistics(db: Db, table: string): Promise<void> {
  await sql`select control.refresh_statistics(${table}::regclass)`.execute(db);
}

import { type RawBuilder, sql } from 'kysely';

import type { Db } from '../database.ts';

/** The entity's last completed run, 0 before the first: rows of later runs are not transformed yet. */
export const lastRun = (entity: string): RawBuilder<string> =>
  sql<string>`coalesce((select last_run from control.mark where entity = ${entity}), 0)`;

/**
 * That run as a number, for statements over many rows: what a subquery gives is unknown to the planner, which then
 * reckons with a third of a table and reads all of it.
 */
export async function readLastRun(db: Db, entity: string): Promise<RawBuilder<string>> {
  return sql<string>`${await lastRunNumber(db, entity)}::bigint`;
}

/** The number itself. */
export async function lastRunNumber(db: Db, entity: string): Promise<string> {
  const { rows } = await sql<{ run: string }>`select ${lastRun(entity)} as run`.execute(db);
  return rows[0]?.run ?? '0';
}

import { sql } from 'kysely';

import type { Db } from '../database.ts';

/** Makes this month's partition of the history before a load needs it. */
export async function ensureHistoryMonth(db: Db): Promise<void> {
  await sql`select prestaging.ensure_history_month(current_date)`.execute(db);
}

import { sql } from 'kysely';
import { expect } from 'vitest';

import type { TestDatabase } from './database.ts';

/** Resolves once that many sessions of the database wait for a lock. */
export async function waitingFor({ db }: TestDatabase, count: number): Promise<void> {
  await expect
    .poll(async () => {
      const { rows } = await sql<{ waiting: number }>`
        select count(distinct l.pid)::integer as waiting from pg_locks as l
        join pg_stat_activity as a on a.pid = l.pid and a.datname = current_database()
        where not l.granted`.execute(db);
      return rows[0]?.waiting;
    })
    .toBe(count);
}

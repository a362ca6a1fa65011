import { sql } from 'kysely';

import type { Db } from './database.ts';

/**
 * Instants in any form that PostgreSQL reads, zones by name among them, as ISO text in UTC; null for what is
 * none. In the order they were given.
 */
export async function parseInstants(db: Db, texts: readonly string[]): Promise<(string | null)[]> {
  const { rows } = await sql<{ instant: string | null }>`
    select case when pg_input_is_valid(text, 'timestamptz')
      then to_char(text::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end as instant
    from unnest(${texts}::text[]) with ordinality as given (text, place) order by place`.execute(db);
  return rows.map(({ instant }) => instant);
}

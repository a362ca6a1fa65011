import { type RawBuilder, sql } from 'kysely';

/** An instant as ISO text in UTC, with its microseconds: `2024-01-31T09:30:00.000000Z`. */
export function instantText(instant: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

import { type RawBuilder, sql } from 'kysely';

/** `missing-<what>` when the finished field is empty. */
export function missing(what: string, field: string): RawBuilder<string | null> {
  return sql<string | null>`case when ${sql.id('f', field)} is null then ${sql.lit(`missing-${what}`)} end`;
}

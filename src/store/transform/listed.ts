import { type RawBuilder, sql } from 'kysely';

/** Parts with commas between them, each on its own line: what is compiled is read by people, too. */
export const listed = (parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> =>
  sql.join(parts, sql`,\n  `);

/** Parts on lines of their own, with nothing between them. */
export const inLines = (parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> =>
  sql.join(parts, sql`\n`);

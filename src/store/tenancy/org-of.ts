import { type RawBuilder, sql } from 'kysely';

/**
 * The organisation of an entity inside the statement that files something under it: waits for a mapping that is on its
 * way, and lets none begin before the transaction ends. What was read earlier may be another one by now.
 */
export const orgOf = (entity: string): RawBuilder<string> =>
  sql<string>`(select org from control.entity where entity = ${entity} for key share)`;

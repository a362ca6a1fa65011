import { sql } from 'kysely';

import type { Db } from '../database.ts';

/** What tells whether an entity's amounts are converted, and when its day begins. */
export interface EntityConversion {
  readonly entity: string;
  readonly timezone: string | null;
  /** Null while Currency Conversion is off. */
  readonly home: string | null;
  /** The currencies of its accounts, in order. */
  readonly inUse: readonly string[];
}

/** Every entity, or the one of that key; in key order. */
export async function listConversions(db: Db, entity?: string): Promise<EntityConversion[]> {
  const { rows } = await sql<EntityConversion>`
    select e.entity, e.timezone, e.home_currency as home, array(
      select distinct a.currency from prestaging.account as a
      where a.entity = e.entity and not a.deleted and a.currency ~ '^[A-Z]{3}$' order by a.currency
    ) as "inUse"
    from control.entity as e
    where ${entity === undefined ? sql`true` : sql`e.entity = ${entity}`} order by e.entity`.execute(db);
  return rows;
}

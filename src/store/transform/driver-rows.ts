import { sql } from 'kysely';

import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import type { Db } from '../database.ts';
import { prestagingTable } from '../prestaging-table.ts';

/**
 * Whether the entity has rows of a driver, deleted ones included; with `run`, whether that run changed any. A tenant
 * has adjustments or memos, seldom both: looking is much cheaper than planning statements over nothing.
 */
export async function hasDrivers(
  db: Db,
  { driver, entity, run }: { driver: BillingObject; entity: string; run?: string },
): Promise<boolean> {
  const changed = run === undefined ? sql`` : sql`and changed_run = ${run}`;
  const { rows } = await sql<{ some: boolean }>`
    select exists (select from ${prestagingTable(driver)} where entity = ${entity} ${changed}) as some`.execute(
    db,
  );
  return rows[0]?.some === true;
}

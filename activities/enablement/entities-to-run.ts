import type { Db } from '../../src/store/database.ts';
import { type KnownEntity, listEntities } from '../../src/store/tenancy.ts';

/**
 * The entities that are synced, in key order: all that Billing lists, those without accounts among them, as `sync run`
 * does it. What was kept under the tenant's key before there was Multi-entity is synced no more.
 */
export async function entitiesToRun(db: Db): Promise<KnownEntity[]> {
  const entities = await listEntities(db);
  const told = entities.filter(({ billingId }) => billingId !== null);
  return told.length > 0 ? told : entities;
}

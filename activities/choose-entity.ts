import { RevsyncError } from '../src/domain/errors.ts';
import type { Db } from '../src/store/database.ts';
import { findEntity, type KnownEntity, listEntities } from '../src/store/tenancy.ts';

/**
 * The entity that was asked for, by key, Billing id or display name, or the only one.
 *
 * @throws RevsyncError `ENTITY_NEEDED`, `ENTITY_UNKNOWN`
 */
export async function chooseEntity(db: Db, name: string | undefined): Promise<KnownEntity> {
  if (name !== undefined) return findEntity(db, name);
  const entities = await listEntities(db);
  const [only] = entities;
  if (only !== undefined && entities.length === 1) return only;
  throw new RevsyncError(`There are ${entities.length} entities; a run is of one of them.`, {
    code: 'ENTITY_NEEDED',
    fate: 'fix-input',
    remedy: `Start again with one of them, for example {"entity": "${only?.entity ?? '...'}"}.`,
  });
}

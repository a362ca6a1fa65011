import type { KnownNames } from '../../domain/setups/setup-kind.ts';
import type { Db } from '../database.ts';
import { listLookups } from '../lookups.ts';
import { listOrganizations } from '../tenancy.ts';

/** What set-ups may refer to, as it is now. */
export async function knownNames(db: Db): Promise<KnownNames> {
  const [orgs, lookups] = await Promise.all([listOrganizations(db), listLookups(db)]);
  return { orgs, lookups };
}

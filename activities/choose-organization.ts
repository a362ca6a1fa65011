import { RevsyncError } from '../src/domain/errors.ts';
import type { Db } from '../src/store/database.ts';
import { listOrganizations } from '../src/store/tenancy.ts';

/**
 * The organisation that was asked for, or the only one.
 *
 * @throws RevsyncError `ORGANIZATION_NEEDED`, `ORGANIZATION_UNKNOWN`
 */
export async function chooseOrganization(db: Db, org: string | undefined): Promise<string> {
  const known = await listOrganizations(db);
  const [only] = known;
  if (org === undefined && only !== undefined && known.length === 1) return only;
  if (org !== undefined && known.includes(org)) return org;
  const example = JSON.stringify({ org: only ?? 'default' });
  throw new RevsyncError(
    org === undefined
      ? `There are ${known.length} organisations; a collection is of one of them.`
      : `There is no organisation "${org}" (known: ${known.join(', ') || 'none yet'}).`,
    {
      code: org === undefined ? 'ORGANIZATION_NEEDED' : 'ORGANIZATION_UNKNOWN',
      fate: 'fix-input',
      remedy: `Start again with one of them, for example ${example}; a first sync makes them.`,
    },
  );
}

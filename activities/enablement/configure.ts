import type { Configured } from '../../src/domain/enablement/step-10-revenue-sync.ts';
import { requireLookup } from '../../src/domain/settings/lookups.ts';
import { requireProfile } from '../../src/domain/settings/profiles.ts';
import type { Db } from '../../src/store/database.ts';
import { listProfiles, setByHand } from '../../src/store/profiles.ts';

/**
 * Sets profiles and lookups in the name of whoever answered, so that the settings sync leaves them alone. What is set so
 * by a person already is left as it is: a step that is looked at again writes nothing.
 */
export async function configure(
  db: Db,
  wanted: readonly Configured[],
  { by, reason }: { readonly by: string | null; readonly reason: string },
): Promise<void> {
  const standing = await listProfiles(db);
  for (const { name, code, value } of wanted) {
    const isSo = standing.some(
      (each) => each.name === name && each.code === code && each.value === value && each.byHand,
    );
    if (isSo) continue;
    if (code === null) requireProfile(name, value);
    else requireLookup({ lookup: name, code, value }, [], false);
    await setByHand(db, { name, code, value, by: by ?? 'an operator', reason });
  }
}

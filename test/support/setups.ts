import { setupKind } from '../../src/domain/setups/kinds.ts';
import { checkSetup } from '../../src/domain/setups/check-setup.ts';
import type { SetupKind } from '../../src/domain/setups/setup-kind.ts';
import type { Db } from '../../src/store/database.ts';
import { loadSetup } from '../../src/store/setups/load-setup.ts';
import { freezeSetup, makeDefaultSetup, recordSetupCheck } from '../../src/store/setups/setup-states.ts';
import type { SetupVersion } from '../../src/store/setups/setup-versions.ts';

/** Keeps a file as a person does, checked and frozen. A file with mistakes fails the test. */
export async function frozenSetup(db: Db, kind: SetupKind, file: object): Promise<SetupVersion> {
  const definition = setupKind(kind);
  if (definition === undefined) throw new Error(`there is no kind ${kind}`);
  const { setup, mistakes } = checkSetup(definition, file);
  if (setup === null || mistakes.length > 0) throw new Error(JSON.stringify(mistakes));
  const { loaded } = await loadSetup(db, { kind, setup, by: 'ann' });
  await recordSetupCheck(db, { ...loaded, by: 'ann', mistakes });
  return freezeSetup(db, { ...loaded, by: 'ann' });
}

/** The same, and what collections go by. */
export async function usedSetup(db: Db, kind: SetupKind, file: object): Promise<SetupVersion> {
  const { made } = await makeDefaultSetup(db, { ...(await frozenSetup(db, kind, file)), by: 'ann' });
  return made;
}

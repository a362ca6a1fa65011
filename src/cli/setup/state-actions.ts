import { userInfo } from 'node:os';

import type { SetupDefinition } from '../../domain/setups/setup-kind.ts';
import type { Db } from '../../store/database.ts';
import { freezeSetup, makeDefaultSetup } from '../../store/setups/setup-states.ts';
import type { SetupVersion } from '../../store/setups/setup-versions.ts';
import { openOutput, type Output } from '../output.ts';
import { countOf } from '../template/mistakes-output.ts';
import { checkVersion } from './check-action.ts';
import { printSetupMistakes } from './setup-mistakes.ts';
import { referredSetup } from './setup-reference.ts';
import { summaryOf, whose } from './setup-summary.ts';
import { withSetups } from './with-setups.ts';

interface StateOptions {
  readonly by?: string;
  readonly json?: boolean;
  readonly default?: boolean;
}

/** Checks a version once more and freezes it; with `--default` it is also made the default. */
export const freezeAction =
  (definition: SetupDefinition) =>
  async (
    reference: string,
    { json = false, by = userInfo().username, default: also = false }: StateOptions,
  ): Promise<void> => {
    const output = openOutput(json);
    await withSetups(output, async (db) => {
      const found = await referredSetup(db, definition, reference);
      if (found.status === 'draft' || found.status === 'checked') {
        const { checked, mistakes } = await checkVersion(db, definition, found, by);
        if (mistakes.length > 0) {
          return printSetupMistakes(output, {
            message: `"${checked.id}" is not frozen: it has ${countOf(mistakes)}.`,
            remedy: 'Correct the file and load it again.',
            mistakes,
            exit: 1,
            setup: summaryOf(checked),
          });
        }
      }
      const frozen = await freezeSetup(db, { ...found, by });
      if (also) return printDefault(output, definition, db, frozen, by);
      output.result(summaryOf(frozen), [
        `"${frozen.id}" is ${frozen.status}; it cannot change any more.`,
        ...(frozen.status === 'frozen' ? [`Next: revsync ${definition.command} default "${frozen.id}"`] : []),
      ]);
    });
  };

/** Makes a frozen version what collections go by. */
export const defaultAction =
  (definition: SetupDefinition) =>
  async (reference: string, { json = false, by = userInfo().username }: StateOptions): Promise<void> => {
    const output = openOutput(json);
    await withSetups(output, async (db) =>
      printDefault(output, definition, db, await referredSetup(db, definition, reference), by),
    );
  };

async function printDefault(
  output: Output,
  { does }: SetupDefinition,
  db: Db,
  version: SetupVersion,
  by: string,
): Promise<void> {
  const { made, before } = await makeDefaultSetup(db, { ...version, by });
  output.result({ ...summaryOf(made), before }, [
    `"${made.id}" ${does} of ${whose(made.org)}, from the next collection on.`,
    ...(before === null || before === made.id ? [] : [`Before it was "${before}".`]),
  ]);
}

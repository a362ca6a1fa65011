import { userInfo } from 'node:os';

import { checkSetup } from '../../domain/setups/check-setup.ts';
import type { SetupDefinition } from '../../domain/setups/setup-kind.ts';
import { knownNames } from '../../store/setups/known-names.ts';
import { loadSetup } from '../../store/setups/load-setup.ts';
import { recordSetupCheck } from '../../store/setups/setup-states.ts';
import { openOutput } from '../output.ts';
import { countOf } from '../template/mistakes-output.ts';
import { type InputOptions, setupInput } from './setup-input.ts';
import { printSetupMistakes } from './setup-mistakes.ts';
import { summaryOf } from './setup-summary.ts';
import { withSetups } from './with-setups.ts';

interface LoadOptions extends InputOptions {
  readonly file: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** Keeps the file as a draft and checks it: what has the form of its kind is kept, however wrong. */
export const loadAction =
  (definition: SetupDefinition) =>
  async ({ json = false, file, by = userInfo().username, ...options }: LoadOptions): Promise<void> => {
    const output = openOutput(json);
    await withSetups(output, async (db) => {
      const { kind, noun, command } = definition;
      const read = await setupInput(file, options);
      const { setup, mistakes } =
        'mistake' in read
          ? { setup: null, mistakes: [read.mistake] }
          : checkSetup(definition, read.input, await knownNames(db));
      if (setup === null) {
        return printSetupMistakes(output, {
          message: `${file} is no ${noun}: ${countOf(mistakes)}.`,
          remedy: 'Nothing was kept. Correct the file and load it again.',
          mistakes,
          exit: 2,
        });
      }
      const { loaded, unchanged } = await loadSetup(db, { kind, setup, by });
      const version = await recordSetupCheck(db, { ...loaded, by, mistakes });
      if (mistakes.length > 0) {
        return printSetupMistakes(output, {
          message: `"${version.id}" is kept as a draft, with ${countOf(mistakes)}.`,
          remedy: 'Correct the file and load it again; a draft is used nowhere.',
          mistakes,
          exit: 1,
          setup: summaryOf(version),
        });
      }
      const usable = version.status === 'frozen' || version.status === 'default';
      output.result({ ...summaryOf(version), unchanged, mistakes }, [
        `"${version.id}" ${unchanged ? 'was here already' : 'is kept'}, ${version.status}.`,
        ...(usable ? [] : [`Next: revsync ${command} freeze "${version.id}" --default`]),
      ]);
    });
  };

import { userInfo } from 'node:os';

import { RevsyncError } from '../../domain/errors.ts';
import type { Mistake } from '../../domain/mapping/checks/mistake.ts';
import { checkSetup } from '../../domain/setups/check-setup.ts';
import { setupDocument } from '../../domain/setups/setup-file.ts';
import type { SetupDefinition } from '../../domain/setups/setup-kind.ts';
import type { Db } from '../../store/database.ts';
import { knownNames } from '../../store/setups/known-names.ts';
import { recordSetupCheck } from '../../store/setups/setup-states.ts';
import type { SetupVersion } from '../../store/setups/setup-versions.ts';
import { openOutput, type Output } from '../output.ts';
import { countOf } from '../template/mistakes-output.ts';
import { type InputOptions, setupInput } from './setup-input.ts';
import { printSetupMistakes } from './setup-mistakes.ts';
import { referredSetup } from './setup-reference.ts';
import { summaryOf } from './setup-summary.ts';
import { withSetups } from './with-setups.ts';

interface CheckOptions extends InputOptions {
  readonly file?: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** Checks a file, which changes nothing, or a version, whose result is kept with it. */
export const checkAction =
  (definition: SetupDefinition) =>
  async (
    reference: string | undefined,
    { json = false, file, by = userInfo().username, ...options }: CheckOptions,
  ): Promise<void> => {
    const output = openOutput(json);
    if ((reference === undefined) === (file === undefined)) throw oneOfBoth(definition);
    await withSetups(output, async (db) => {
      if (file !== undefined) return checkFile(output, definition, db, file, options);
      const found = await referredSetup(db, definition, reference ?? '', options.org);
      const { checked, mistakes } = await checkVersion(db, definition, found, by);
      printCheck(output, `"${checked.id}"`, mistakes, checked);
    });
  };

function oneOfBoth({ command, noun }: SetupDefinition): RevsyncError {
  return new RevsyncError(`Either a ${noun} or a file is checked.`, {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: `Write \`revsync ${command} check --file FILE\` or \`revsync ${command} check NAME\`.`,
  });
}

/** Checks a version that is kept and keeps what was found. */
export async function checkVersion(
  db: Db,
  definition: SetupDefinition,
  version: SetupVersion,
  by: string,
): Promise<{ readonly checked: SetupVersion; readonly mistakes: readonly Mistake[] }> {
  const { mistakes } = checkSetup(definition, setupDocument(definition, version), await knownNames(db));
  return { checked: await recordSetupCheck(db, { ...version, by, mistakes }), mistakes };
}

async function checkFile(
  output: Output,
  definition: SetupDefinition,
  db: Db,
  file: string,
  options: InputOptions,
): Promise<void> {
  const read = await setupInput(file, options);
  if ('mistake' in read) return printCheck(output, file, [read.mistake]);
  printCheck(output, file, checkSetup(definition, read.input, await knownNames(db)).mistakes);
}

function printCheck(
  output: Output,
  what: string,
  mistakes: readonly Mistake[],
  version?: SetupVersion,
): void {
  const setup = version === undefined ? {} : { setup: summaryOf(version) };
  if (mistakes.length === 0) return output.result({ ...setup, mistakes }, `${what} has no mistakes.`);
  printSetupMistakes(output, {
    message: `${what} has ${countOf(mistakes)}.`,
    remedy: 'Correct what is listed and check again.',
    mistakes,
    exit: 1,
    ...setup,
  });
}

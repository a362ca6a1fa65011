import { existsSync } from 'node:fs';
import { extname } from 'node:path';

import { RevsyncError } from '../../domain/errors.ts';
import { checkSetup } from '../../domain/setups/check-setup.ts';
import { type Setup, setupDocument } from '../../domain/setups/setup-file.ts';
import { diffSetups, type SetupDiff } from '../../domain/setups/setup-diff.ts';
import type { SetupDefinition } from '../../domain/setups/setup-kind.ts';
import type { Db } from '../../store/database.ts';
import { openOutput } from '../output.ts';
import { countOf, mistakesText } from '../template/mistakes-output.ts';
import { setupInput } from './setup-input.ts';
import { referredSetup } from './setup-reference.ts';
import { withSetups } from './with-setups.ts';

interface Side {
  /** `<name>@<version>`, or the file. */
  readonly id: string;
  readonly setup: Setup;
}

/** Compares two set-ups, or one with the default that it would replace. */
export const diffAction =
  (definition: SetupDefinition) =>
  async (
    first: string,
    second: string | undefined,
    { json = false, org }: { json?: boolean; org?: string },
  ): Promise<void> => {
    const output = openOutput(json);
    await withSetups(output, async (db) => {
      const named = await sideOf(db, definition, first, org);
      const [before, after] =
        second === undefined
          ? [await sideOf(db, definition, 'default', org ?? named.setup.org ?? undefined), named]
          : [named, await sideOf(db, definition, second, org)];
      const changes = diffSetups(
        setupDocument(definition, before.setup),
        setupDocument(definition, after.setup),
      );
      output.result({ before: before.id, after: after.id, same: changes.length === 0, changes }, [
        `From "${before.id}" to "${after.id}":`,
        ...diffText(changes),
      ]);
    });
  };

async function sideOf(
  db: Db,
  definition: SetupDefinition,
  text: string,
  org: string | undefined,
): Promise<Side> {
  if (!['.yaml', '.yml', '.json'].includes(extname(text).toLowerCase()) || !existsSync(text)) {
    const setup = await referredSetup(db, definition, text, org);
    return { id: setup.id, setup };
  }
  const read = await setupInput(text, {});
  const { setup, mistakes } =
    'mistake' in read ? { setup: null, mistakes: [read.mistake] } : checkSetup(definition, read.input);
  if (setup !== null) return { id: text, setup };
  throw new RevsyncError(`${text} is no ${definition.noun}: ${countOf(mistakes)}.`, {
    code: 'SETUP_INVALID',
    fate: 'fix-input',
    remedy: mistakesText(mistakes.slice(0, 1))
      .map((line) => line.trim())
      .join(' '),
  });
}

function diffText(changes: readonly SetupDiff[]): string[] {
  if (changes.length === 0) return ['They say the same.'];
  return changes.flatMap(({ path, before, after }) => [
    path,
    ...(before === null ? [] : [`  - ${before}`]),
    ...(after === null ? [] : [`  + ${after}`]),
  ]);
}

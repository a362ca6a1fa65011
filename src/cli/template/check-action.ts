import { userInfo } from 'node:os';

import { RevsyncError } from '../../domain/errors.ts';
import { checkTemplate } from '../../domain/mapping/checks/check-template.ts';
import type { Mistake } from '../../domain/mapping/checks/mistake.ts';
import { templateDocument } from '../../domain/mapping/template-file.ts';
import type { Db } from '../../store/database.ts';
import { knownTenant } from '../../store/templates/custom-fields.ts';
import { recordCheck } from '../../store/templates/template-states.ts';
import { type TemplateVersion } from '../../store/templates/template-versions.ts';
import { openOutput, type Output } from '../output.ts';
import { countOf, printMistakes } from './mistakes-output.ts';
import { type InputOptions, templateInput } from './template-input.ts';
import { referredTemplate } from './template-reference.ts';
import { summaryOf } from './version-summary.ts';
import { withTemplates } from './with-templates.ts';

interface CheckOptions extends InputOptions {
  readonly file?: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** Checks a file, which changes nothing, or a version, whose result is kept with it. */
export async function checkAction(
  reference: string | undefined,
  { json = false, file, by = userInfo().username, ...options }: CheckOptions,
): Promise<void> {
  const output = openOutput(json);
  if ((reference === undefined) === (file === undefined)) throw oneOfBoth();
  await withTemplates(output, async (db) => {
    if (file !== undefined) return checkFile(output, db, file, options);
    const found = await referredTemplate(db, reference ?? '', options.entity);
    const { checked, mistakes } = await checkVersion(db, found, by);
    printCheck(output, `"${checked.id}"`, mistakes, summaryOf(checked));
  });
}

function oneOfBoth(): RevsyncError {
  return new RevsyncError('Either a template or a file is checked.', {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'Write `revsync template check --file FILE` or `revsync template check NAME`.',
  });
}

/** Checks a version that is kept and keeps what was found. */
export async function checkVersion(
  db: Db,
  { name, version, template }: TemplateVersion,
  by: string,
): Promise<{ readonly checked: TemplateVersion; readonly mistakes: readonly Mistake[] }> {
  const { mistakes } = checkTemplate(templateDocument(template), await knownTenant(db));
  return { checked: await recordCheck(db, { name, version, by, mistakes }), mistakes };
}

async function checkFile(output: Output, db: Db, file: string, options: InputOptions): Promise<void> {
  const read = await templateInput(db, file, options);
  if ('mistake' in read) return printCheck(output, file, [read.mistake]);
  const { template, mistakes } = checkTemplate(read.input, await knownTenant(db));
  const { name, type, entity } = template ?? {};
  printCheck(output, file, mistakes, template === null ? undefined : { name, type, entity });
}

function printCheck(output: Output, what: string, mistakes: readonly Mistake[], template?: object): void {
  const named = template === undefined ? {} : { template };
  if (mistakes.length === 0) return output.result({ ...named, mistakes }, `${what} has no mistakes.`);
  printMistakes(output, {
    message: `${what} has ${countOf(mistakes)}.`,
    remedy: 'Correct what is listed and check again.',
    mistakes,
    exit: 1,
    ...named,
  });
}

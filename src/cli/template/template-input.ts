import { extname } from 'node:path';

import type { Mistake } from '../../domain/mapping/checks/mistake.ts';
import { RevsyncError } from '../../domain/errors.ts';
import { rowsOfCsv } from '../../domain/mapping/rows-csv.ts';
import { templateDocument } from '../../domain/mapping/template-file.ts';
import type { Db } from '../../store/database.ts';
import { parseTemplateText, readTextFile } from './read-template-file.ts';
import { referredTemplate } from './template-reference.ts';

export interface InputOptions {
  /** The template that a file of rows alone completes. */
  readonly like?: string | undefined;
  /** Instead of what the file says. */
  readonly name?: string | undefined;
  readonly entity?: string | undefined;
}

/**
 * What a file says a template is, yet to be checked; or why it cannot be read. A CSV file has the rows only: all
 * else is that of the template it is `like`.
 *
 * @throws RevsyncError `FILE_UNREADABLE`, `TEMPLATE_UNREADABLE`, `TEMPLATE_UNKNOWN`, `USAGE`
 */
export async function templateInput(
  db: Db,
  file: string,
  { like, name, entity }: InputOptions,
): Promise<{ readonly input: unknown } | { readonly mistake: Mistake }> {
  const text = await readTextFile(file);
  const read =
    extname(file).toLowerCase() === '.csv'
      ? { input: await withRowsOf(db, text, like) }
      : parseTemplateText(text);
  if ('mistake' in read || typeof read.input !== 'object' || read.input === null) return read;
  const instead = { ...(name === undefined ? {} : { name }), ...(entity === undefined ? {} : { entity }) };
  return { input: { ...read.input, ...instead } };
}

async function withRowsOf(db: Db, text: string, like: string | undefined): Promise<unknown> {
  if (like === undefined) {
    throw new RevsyncError('A CSV file has only the rows of a template.', {
      code: 'USAGE',
      fate: 'fix-input',
      remedy: 'Say with --like NAME which template has the rest: type, constants, filter, policies.',
    });
  }
  const { template } = await referredTemplate(db, like);
  return { ...templateDocument(template), rows: rowsOfCsv(text) };
}

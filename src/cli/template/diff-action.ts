import { existsSync } from 'node:fs';
import { extname } from 'node:path';

import { RevsyncError } from '../../domain/errors.ts';
import { checkTemplate } from '../../domain/mapping/checks/check-template.ts';
import type { Mistake } from '../../domain/mapping/checks/mistake.ts';
import { diffTemplates } from '../../domain/mapping/template-diff.ts';
import type { TransactionTemplate } from '../../domain/mapping/transaction-template.ts';
import type { Db } from '../../store/database.ts';
import { lookForDefault } from '../../store/templates/template-versions.ts';
import { openOutput } from '../output.ts';
import { countOf, mistakesText } from './mistakes-output.ts';
import { templateInput } from './template-input.ts';
import { referredTemplate } from './template-reference.ts';
import { diffText } from './template-text.ts';
import { withTemplates } from './with-templates.ts';

/** One side of a comparison. */
interface Side {
  /** `<name>@<version>`, or the file. */
  readonly id: string;
  readonly template: TransactionTemplate;
}

/** Compares two templates, or one with the default that it would replace. */
export async function diffAction(
  first: string,
  second: string | undefined,
  { json = false, entity }: { json?: boolean; entity?: string },
): Promise<void> {
  const output = openOutput(json);
  await withTemplates(output, async (db) => {
    const named = await sideOf(db, first, entity);
    const [before, after] =
      second === undefined
        ? [await replacedBy(db, named.template), named]
        : [named, await sideOf(db, second, entity)];
    const diff = diffTemplates(before.template, after.template);
    output.result({ before: headOf(before), after: headOf(after), ...diff }, [
      `From "${before.id}" to "${after.id}":`,
      ...diffText(diff),
    ]);
  });
}

const headOf = ({ id, template: { name, type, entity } }: Side) => ({ id, name, type, entity });

async function sideOf(db: Db, text: string, entity: string | undefined): Promise<Side> {
  if (!['.yaml', '.yml', '.json'].includes(extname(text).toLowerCase()) || !existsSync(text)) {
    const { id, template } = await referredTemplate(db, text, entity);
    return { id, template };
  }
  const read = await templateInput(db, text, {});
  if ('mistake' in read) throw noTemplate(text, [read.mistake]);
  const { template, mistakes } = checkTemplate(read.input);
  if (template === null) throw noTemplate(text, mistakes);
  return { id: text, template };
}

function noTemplate(file: string, mistakes: readonly Mistake[]): RevsyncError {
  return new RevsyncError(`${file} is no template: ${countOf(mistakes)}.`, {
    code: 'TEMPLATE_INVALID',
    fate: 'fix-input',
    remedy: mistakesText(mistakes.slice(0, 1))
      .map((line) => line.trim())
      .join(' '),
  });
}

async function replacedBy(db: Db, { type, entity }: TransactionTemplate): Promise<Side> {
  const used = await lookForDefault(db, type, entity);
  if (used !== undefined) return { id: used.id, template: used.template };
  throw new RevsyncError(`There is no default template of type ${type} to compare with.`, {
    code: 'TEMPLATE_MISSING',
    fate: 'fix-input',
    remedy: 'Name two templates: `revsync template diff A B`.',
  });
}

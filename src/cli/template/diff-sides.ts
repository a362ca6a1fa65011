import { existsSync } from 'node:fs';
import { extname } from 'node:path';

import { RevsyncError } from '../../domain/errors.ts';
import { checkTemplate } from '../../domain/mapping/checks/check-template.ts';
import type { Mistake } from '../../domain/mapping/checks/mistake.ts';
import { templateDocument } from '../../domain/mapping/template-file.ts';
import type { TransactionTemplate } from '../../domain/mapping/transaction-template.ts';
import type { Db } from '../../store/database.ts';
import { knownTenant } from '../../store/templates/custom-fields.ts';
import { lookForDefault, type TemplateVersion } from '../../store/templates/template-versions.ts';
import { templateInput } from './template-input.ts';
import { referredTemplate } from './template-reference.ts';

/** One of two templates that are compared. */
export interface Side {
  /** `<name>@<version>`, or the file. */
  readonly id: string;
  /** 0: it is kept nowhere. */
  readonly version: number;
  readonly template: TransactionTemplate;
}

/** A template with mistakes, which nothing can be formed by. */
export interface UnfitSide {
  readonly id: string;
  readonly mistakes: readonly Mistake[];
}

/**
 * The template that a person means: a file, or what `referredTemplate` takes.
 *
 * @throws RevsyncError `TEMPLATE_UNKNOWN`, `FILE_UNREADABLE`
 */
export async function sideOf(db: Db, text: string, entity: string | undefined): Promise<Side | UnfitSide> {
  if (!['.yaml', '.yml', '.json'].includes(extname(text).toLowerCase()) || !existsSync(text)) {
    return keptSide(db, await referredTemplate(db, text, entity));
  }
  const read = await templateInput(db, text, {});
  if ('mistake' in read) return { id: text, mistakes: [read.mistake] };
  const { template, mistakes } = checkTemplate(read.input, await knownTenant(db));
  if (template === null || mistakes.length > 0) return { id: text, mistakes };
  return { id: text, version: 0, template };
}

/** Any other than a draft has been checked. */
async function keptSide(
  db: Db,
  { id, version, status, template }: TemplateVersion,
): Promise<Side | UnfitSide> {
  if (status !== 'draft') return { id, version, template };
  const { mistakes } = checkTemplate(templateDocument(template), await knownTenant(db));
  return mistakes.length > 0 ? { id, mistakes } : { id, version, template };
}

/**
 * The default that a template would replace, of the entity asked for or of those that it is for.
 *
 * @throws RevsyncError `TEMPLATE_MISSING`
 */
export async function replacedBy(
  db: Db,
  { type, entity: own }: TransactionTemplate,
  asked: string | undefined,
): Promise<Side> {
  const used = await lookForDefault(db, type, asked ?? own);
  if (used !== undefined) return { id: used.id, version: used.version, template: used.template };
  throw new RevsyncError(`There is no default template of type ${type} to compare with.`, {
    code: 'TEMPLATE_MISSING',
    fate: 'fix-input',
    remedy: 'Name two templates: `revsync template diff A B`.',
  });
}

/**
 * That two templates can be compared: they form the same lines, and where they are asked to.
 *
 * @throws RevsyncError `TEMPLATE_TYPE_DIFFERS`, `TEMPLATE_ENTITY_DIFFERS`
 */
export function requireComparable(before: Side, after: Side, asked: string | undefined): void {
  const [{ template: one }, { template: other }] = [before, after];
  if (one.type !== other.type) {
    throw new RevsyncError(
      `"${before.id}" is a template of type ${one.type}, "${after.id}" one of type ${other.type}.`,
      {
        code: 'TEMPLATE_TYPE_DIFFERS',
        fate: 'fix-input',
        remedy: 'Name two templates of one type: they form lines of the same rows.',
      },
    );
  }
  if (asked === undefined || other.entity === null || other.entity === asked) return;
  throw new RevsyncError(`"${after.id}" is for ${other.entity} and forms no lines of ${asked}.`, {
    code: 'TEMPLATE_ENTITY_DIFFERS',
    fate: 'fix-input',
    remedy: `Leave --entity out, or load the file with --entity ${asked}.`,
  });
}

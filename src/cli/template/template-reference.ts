import { TEMPLATE_TYPES, type TemplateType } from '../../domain/mapping/transaction-template.ts';
import type { Db } from '../../store/database.ts';
import {
  findTemplate,
  lookForDefault,
  lookForTemplate,
  type TemplateVersion,
} from '../../store/templates/template-versions.ts';

export const isTemplateType = (text: string): text is TemplateType =>
  TEMPLATE_TYPES.some((type) => type === text);

/**
 * The version that a person means: `NAME` for the newest, `NAME@3`, or a type for the default of it, of the entity
 * when one is given.
 *
 * @throws RevsyncError `TEMPLATE_UNKNOWN`
 */
export async function referredTemplate(db: Db, text: string, entity?: string): Promise<TemplateVersion> {
  const named = await lookForTemplate(db, { name: text });
  if (named !== undefined) return named;
  const [, name, version] = /^(.+)@(\d{1,9})$/.exec(text) ?? [];
  if (name !== undefined && version !== undefined) {
    return findTemplate(db, { name, version: Number(version) });
  }
  const used = isTemplateType(text) ? await lookForDefault(db, text, entity ?? null) : undefined;
  return used ?? findTemplate(db, { name: text });
}

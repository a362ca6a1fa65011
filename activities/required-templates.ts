import { RevsyncError } from '../src/domain/errors.ts';
import type { TemplateType } from '../src/domain/mapping/transaction-template.ts';
import type { Db } from '../src/store/database.ts';
import { type DefaultTemplate, defaultTemplates, missingTypes } from '../src/store/templates.ts';
import { invoiceSettlementOf } from '../src/store/tenancy.ts';

/**
 * The default templates of an entity, bookings first: one of every type that it has to form. Asked before the export,
 * which reads what templates need, and again before lines are formed, when it is known whether credits come as memos.
 *
 * @throws RevsyncError `TEMPLATE_MISSING`, which lists the types
 */
export async function requiredTemplates(db: Db, entity: string): Promise<DefaultTemplate[]> {
  const defaults = await defaultTemplates(db, entity);
  const missing = missingTypes(defaults, await invoiceSettlementOf(db, entity));
  if (missing.length > 0) throw templateMissing(entity, missing);
  return defaults;
}

/** A sync refuses to leave a type out: its rows would never become lines. */
export function templateMissing(entity: string, types: readonly TemplateType[]): RevsyncError {
  const list = types.join(', ');
  return new RevsyncError(`${entity} has no default template for ${list}.`, {
    code: 'TEMPLATE_MISSING',
    fate: 'fix-input',
    remedy:
      'For each of them, load a template and freeze it as the default (`revsync template load`, `revsync template freeze --default`), then send `retry`.',
    context: { entity, types: list },
  });
}

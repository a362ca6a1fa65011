import type { TransactionTemplate } from '../../src/domain/mapping/transaction-template.ts';
import type { Db } from '../../src/store/database.ts';
import { loadTemplate } from '../../src/store/templates/load-template.ts';
import { freezeTemplate, makeDefault, recordCheck } from '../../src/store/templates/template-states.ts';
import type { TemplateVersion } from '../../src/store/templates/template-versions.ts';

/** A template that is kept, checked without looking, and frozen. */
export async function keptFrozen(db: Db, template: TransactionTemplate): Promise<TemplateVersion> {
  const { loaded } = await loadTemplate(db, { template, by: 'ann' });
  await recordCheck(db, { ...loaded, by: 'ann', mistakes: [] });
  return freezeTemplate(db, { ...loaded, by: 'ann' });
}

/** The same, and the default. */
export async function keptDefault(db: Db, template: TransactionTemplate): Promise<TemplateVersion> {
  const { made } = await makeDefault(db, { ...(await keptFrozen(db, template)), by: 'ann' });
  return made;
}

import { RevsyncError } from '../../src/domain/errors.ts';
import { listedNames } from '../../src/domain/enablement/listed-names.ts';
import type { PlannedCopy } from '../../src/domain/enablement/template-plan.ts';
import { checkTemplate } from '../../src/domain/mapping/checks/check-template.ts';
import type { KnownTenant } from '../../src/domain/mapping/checks/known-tenant.ts';
import { templateDocument } from '../../src/domain/mapping/template-file.ts';
import type { Db } from '../../src/store/database.ts';
import { knownTenant } from '../../src/store/templates/custom-fields.ts';
import { loadTemplate } from '../../src/store/templates/load-template.ts';
import { recordCheck } from '../../src/store/templates/template-states.ts';
import { lookForTemplate, type TemplateVersion } from '../../src/store/templates/template-versions.ts';

/**
 * Keeps every copy, as a new version only where it differs from the newest, and checks it.
 *
 * @throws RevsyncError `TEMPLATE_INVALID` with the mistakes of all of them
 */
export async function checkedCopies(
  db: Db,
  copies: readonly PlannedCopy[],
  writer: string,
): Promise<TemplateVersion[]> {
  const tenant = await knownTenant(db);
  const versions: TemplateVersion[] = [];
  for (const copy of copies) versions.push(await checkedCopy(db, copy, tenant, writer));
  const wrong = versions.filter(({ mistakes }) => (mistakes ?? []).length > 0);
  if (wrong.length > 0) throw withMistakes(wrong);
  return versions;
}

async function checkedCopy(
  db: Db,
  { template }: PlannedCopy,
  tenant: KnownTenant,
  by: string,
): Promise<TemplateVersion> {
  const { loaded } = await loadTemplate(db, { template, by });
  const { mistakes } = checkTemplate(templateDocument(template), tenant);
  return recordCheck(db, { ...loaded, by, mistakes });
}

/** The kept versions of the copies, where all of them are the newest, checked and the same; else null. */
export async function keptCopies(db: Db, copies: readonly PlannedCopy[]): Promise<TemplateVersion[] | null> {
  const versions: TemplateVersion[] = [];
  for (const { template } of copies) {
    const kept = await lookForTemplate(db, { name: template.name });
    if (kept === undefined || kept.status === 'draft' || !isSame(kept, template)) return null;
    versions.push(kept);
  }
  return versions;
}

const isSame = (kept: TemplateVersion, template: PlannedCopy['template']): boolean =>
  JSON.stringify(templateDocument(kept.template)) === JSON.stringify(templateDocument(template));

/** Each mistake once, since a mapping that is wrong is wrong in the templates of every entity. */
function withMistakes(versions: readonly TemplateVersion[]): RevsyncError {
  const found = new Map<string, string[]>();
  for (const { id, mistakes } of versions) {
    for (const { message, suggestion } of mistakes ?? []) {
      const mistake = `${message} ${suggestion}`;
      found.set(mistake, [...(found.get(mistake) ?? []), id]);
    }
  }
  const told = [...found].map(([mistake, ids]) => `In ${listedNames([...new Set(ids)], 3)}: ${mistake}`);
  return new RevsyncError(`The templates cannot be used. ${told.join(' ')}`, {
    code: 'TEMPLATE_INVALID',
    fate: 'fix-input',
    remedy: 'Amend step 5 with a mapping without these, or send `retry` once Billing has what they name.',
  });
}

import { invariant } from '../../src/domain/errors.ts';
import type { TemplatePolicies } from '../../src/domain/mapping/policies.ts';
import { SEEDED_TEMPLATES } from '../../src/domain/mapping/seeded/seeded-templates.ts';
import { completeTemplate, type TemplateType } from '../../src/domain/mapping/transaction-template.ts';
import type { TestDatabase } from './database.ts';
import { keptDefault } from './kept-templates.ts';
import { recordTenant } from './sync-rows.ts';

/** Gives an entity a default template of its own: the seeded one with these policies. */
export async function withPolicies(
  database: TestDatabase,
  entity: string,
  type: TemplateType,
  policies: TemplatePolicies,
): Promise<void> {
  await recordTenant(database, entity, entity);
  const seeded = SEEDED_TEMPLATES.find((template) => template.type === type);
  invariant(seeded !== undefined, `no seeded template of ${type}`);
  const own = completeTemplate({ ...seeded, name: `${type} of ${entity}`, entity, policies });
  await keptDefault(database.db, own);
}

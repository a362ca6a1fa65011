import { sql } from 'kysely';

import type { TemplatePolicies } from '../../src/domain/mapping/policies.ts';
import { SEEDED_TEMPLATES } from '../../src/domain/mapping/seeded/seeded-templates.ts';
import type { TemplateType } from '../../src/domain/mapping/transaction-template.ts';
import type { TestDatabase } from './database.ts';
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
  const body = JSON.stringify({ ...seeded, name: `${type} of ${entity}`, entity, policies });
  await sql`
    insert into staging.transaction_template (name, version, type, entity, status, body, created_by)
    values (${`${type} of ${entity}`}, 1, ${type}, ${entity}, 'default', ${body}::jsonb, 'test')`.execute(
    database.db,
  );
}

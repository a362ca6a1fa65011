import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import type { TransactionTemplate } from '../../domain/mapping/transaction-template.ts';
import type { Db } from '../database.ts';
import { alone } from './alone.ts';
import { findTemplate, lookForTemplate, type TemplateVersion } from './template-versions.ts';

/**
 * Keeps a template as the next version of its name, a draft. What equals the newest version is that version:
 * loading a file again changes nothing.
 *
 * @throws RevsyncError `TEMPLATE_TYPE_DIFFERS` when the name is of a template of another type
 */
export async function loadTemplate(
  db: Db,
  { template, by }: { template: TransactionTemplate; by: string },
): Promise<{ readonly loaded: TemplateVersion; readonly unchanged: boolean }> {
  return db.transaction().execute(async (trx) => {
    await alone(trx);
    const { name, type, entity } = template;
    const newest = await lookForTemplate(trx, { name });
    if (newest !== undefined && newest.type !== type) throw typeDiffers(newest, template);

    const body = JSON.stringify(template);
    const version = (newest?.version ?? 0) + 1;
    const { numAffectedRows } = await sql`
      insert into staging.transaction_template (name, version, type, entity, status, body, created_by, changed_by)
      select ${name}, ${version}, ${type}, ${entity}, 'draft', ${body}::jsonb, ${by}, ${by}
      where not exists (
        select from staging.transaction_template
        where name = ${name} and version = ${version}::integer - 1 and body = ${body}::jsonb
      )`.execute(trx);
    return { loaded: await findTemplate(trx, { name }), unchanged: numAffectedRows === 0n };
  });
}

function typeDiffers({ name, type }: TemplateVersion, template: TransactionTemplate): RevsyncError {
  return new RevsyncError(`"${name}" is a template of type ${type}, not ${template.type}.`, {
    code: 'TEMPLATE_TYPE_DIFFERS',
    fate: 'fix-input',
    remedy: 'Give this template another name.',
  });
}

import { type RawBuilder, sql } from 'kysely';

import { unlikeFields } from '../../domain/mapping/unlike-fields.ts';
import { type BriefTemplate, completeTemplate } from '../../domain/mapping/transaction-template.ts';
import type { Db } from '../database.ts';
import type { DefaultTemplate } from '../templates.ts';

/**
 * `(template, version, labels)` of every other template version of the type: what it fills otherwise than this one. Few,
 * and read once for all lines.
 */
export async function unlikeTemplates(
  db: Db,
  entity: string,
  template: DefaultTemplate,
): Promise<RawBuilder<unknown>> {
  const { rows } = await sql<{ name: string; version: number; body: BriefTemplate }>`
    select name, version, body from staging.transaction_template
    where type = ${template.body.type} and status in ('frozen', 'default')
      and (body ->> 'entity' is null or body ->> 'entity' = ${entity})`.execute(db);
  const others = rows
    .map(({ name, version, body }) => ({
      name,
      version,
      labels: unlikeFields(completeTemplate(body), template.body),
    }))
    .filter(({ labels }) => labels.length > 0);
  const values = others.map(
    ({ name, version, labels }) => sql`(${name}, ${version}::integer, ${labels}::text[])`,
  );
  // Never empty, for the list of VALUES: nothing is formed by a template without a name.
  return sql.join([sql`(null::text, null::integer, null::text[])`, ...values]);
}

import { sql } from 'kysely';

import type { TemplateType } from '../../domain/mapping/transaction-template.ts';
import type { Db } from '../database.ts';
import { missingTypes } from '../templates.ts';

/** Of every entity, the transaction types that it has to form lines of and has no default template of. */
export async function lackingTypes(db: Db): Promise<ReadonlyMap<string, readonly TemplateType[]>> {
  const { rows } = await sql<{ entity: string; settled: boolean | null; types: TemplateType[] }>`
    select e.entity, e.invoice_settlement as settled, array(
      select distinct t.type from staging.transaction_template as t
      where t.status = 'default' and (t.entity = e.entity or t.entity is null)
    ) as types
    from control.entity as e`.execute(db);
  return new Map(
    rows.map(({ entity, settled, types }) => [
      entity,
      missingTypes(
        types.map((type) => ({ body: { type } })),
        settled,
      ),
    ]),
  );
}

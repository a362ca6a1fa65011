import { sql } from 'kysely';

import { STAGING_FIELDS } from '../../domain/mapping/staging-fields.ts';
import type { Db } from '../database.ts';
import { hasDrivers } from '../transform/driver-rows.ts';
import type { CompiledTemplate } from '../transform/compile.ts';
import { FIELDS } from './differences.ts';
import { collectedLines, type Scope } from './dry-tables.ts';

/** Collected lines as two templates would form them today. Nothing of them changes: this is for a person to see. */
export interface RestatedLines {
  /** How many the template after forms, as exact text. */
  readonly lines: string;
  /** How many only one of the two forms. */
  readonly unlike: string;
  /** Fields that the two form otherwise, in the order of the mapping documents. */
  readonly changed: readonly { readonly label: string; readonly lines: string }[];
}

/** Collected lines as the template after forms them: rows as in `staging.line`. */
export const RESTATED = sql.table('pg_temp.restated_after');

const RESTATED_BEFORE = sql.table('pg_temp.restated_before');

/**
 * Forms the drivers of collected lines by both templates into tables of their own. It reads what `formLines` left of the
 * template after: rates, renewals and later forms are the same for both.
 */
export async function restateCollected(
  trx: Db,
  scope: Scope,
  { before, after }: { readonly before: CompiledTemplate; readonly after: CompiledTemplate },
): Promise<RestatedLines> {
  for (const table of [RESTATED_BEFORE, RESTATED]) {
    await sql`create temporary table ${table} (like staging.line) on commit drop`.execute(trx);
  }
  if (!(await hasDrivers(trx, scope))) return { lines: '0', unlike: '0', changed: [] };
  await sql`
    create temporary table restated_driver on commit drop as
    select distinct l.source_id as id from ${collectedLines(scope)} as l`.execute(trx);
  await sql`analyze pg_temp.restated_driver`.execute(trx);
  await restate(trx, scope.entity, before, RESTATED_BEFORE);
  await restate(trx, scope.entity, after, RESTATED);
  const { rows } = await sql<{ lines: string; unlike: string }>`
    select count(a.id) as lines, count(*) filter (where a.id is null or b.id is null) as unlike
    from ${RESTATED_BEFORE} as b full join ${RESTATED} as a on a.id = b.id`.execute(trx);
  const { lines = '0', unlike = '0' } = rows[0] ?? {};
  return { lines, unlike, changed: await changedFields(trx) };
}

/** What a driver says of a line that is not collected is formed elsewhere. */
async function restate(
  trx: Db,
  entity: string,
  plan: CompiledTemplate,
  into: typeof RESTATED,
): Promise<void> {
  const drivers = sql.table('pg_temp.restated_driver');
  const columns = plan.fields.map(({ column }) => column);
  const key = sql`entity, org, id, type, form, source_object, source_id, template, template_version, run, sources`;
  await sql`
    create temporary table restated on commit drop as ${plan.formed({ entity, rows: drivers })}`.execute(trx);
  await sql`analyze pg_temp.restated (source_id)`.execute(trx);
  await sql`
    insert into ${into} (${key}, ${sql.join(columns.map((column) => sql.ref(column)))})
    select c.entity, c.org, c.id, c.type, c.form, c.source_object, c.source_id, c.template, c.template_version, c.run,
      c.sources, ${sql.join(columns.map((column) => sql.id('f', column)))}
    from pg_temp.restated as f
    ${plan.besideCollected(entity)}
    where c.id is not null`.execute(trx);
  await sql`drop table pg_temp.restated`.execute(trx);
  await sql`analyze ${into} (id)`.execute(trx);
}

async function changedFields(trx: Db): Promise<RestatedLines['changed']> {
  const { rows } = await sql<{ field: number; lines: string }>`
    select field, count(*) as lines
    from ${RESTATED_BEFORE} as b join ${RESTATED} as a on a.id = b.id, unnest(${FIELDS}) as f (field)
    group by field order by field`.execute(trx);
  return rows.flatMap(({ field, lines }) => {
    const label = STAGING_FIELDS[field]?.label;
    return label === undefined ? [] : [{ label, lines }];
  });
}

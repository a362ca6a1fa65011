import { sql } from 'kysely';

import { DELETED_IN_BILLING } from '../../domain/findings.ts';
import type { Db } from '../database.ts';
import { UNCOLLECTED } from '../lines/uncollected.ts';
import { prestagingTable } from '../prestaging-table.ts';
import type { CompiledTemplate } from './compile.ts';
import type { LineTables } from './line-tables.ts';

/** Whose lines, and where they are. */
interface Forming {
  readonly entity: string;
  readonly tables: LineTables;
}

/**
 * Supersedes the uncollected lines of touched drivers that Billing deleted, as they were last formed; their
 * holds go. `superseded`: these lines and those that went the same way before. Their open findings tell them
 * apart from lines that a newer version of the booking superseded.
 */
export async function supersedeDeleted(
  trx: Db,
  { entity, tables }: Forming,
  { driver }: CompiledTemplate,
): Promise<void> {
  await sql`
    create temporary table superseded on commit drop as
    select l.id, l.source_id, true as now from touched as t
    join ${prestagingTable(driver)} as d on d.entity = ${entity} and d.id = t.id and d.deleted
    join ${tables.line} as l on l.entity = ${entity} and l.source_object = ${driver.name} and l.source_id = d.id
    join ${tables.state} as s on s.entity = l.entity and s.id = l.id and s.status in ${UNCOLLECTED}
    union all
    select l.id, l.source_id, false from staging.finding as f
    join ${tables.line} as l on l.entity = f.entity and l.id = f.line and l.source_id = f.source_id
    join ${tables.state} as s on s.entity = l.entity and s.id = l.id and s.status = 'superseded'
    where f.entity = ${entity} and f.finding = ${DELETED_IN_BILLING} and f.object = ${driver.name}
      and l.source_object = ${driver.name} and f.resolved_at is null`.execute(trx);
  await sql`
    update ${tables.state} set status = 'superseded'
    where entity = ${entity} and id in (select id from superseded where now)`.execute(trx);
  await sql`
    delete from ${tables.hold} where entity = ${entity} and line in (select id from superseded where now)`.execute(
    trx,
  );
}

/** Adds to `reformed` the lines that the deletion of their driver superseded, of touched drivers that are back. */
export async function takeReturned(trx: Db, entity: string, { driver }: CompiledTemplate): Promise<void> {
  await sql`
    insert into reformed
    select s.id from superseded as s join touched as t on t.id = s.source_id
    join ${prestagingTable(driver)} as d on d.entity = ${entity} and d.id = t.id and not d.deleted`.execute(
    trx,
  );
}

/**
 * Adds to `reformed` the superseded lines of deleted drivers whose ids touched rows will need that came in
 * their place: an order was deleted and made again.
 */
export async function takeReplaced(trx: Db, entity: string, plan: CompiledTemplate): Promise<void> {
  if (plan.twinsBy === null) return;
  const driver = prestagingTable(plan.driver);
  const by = sql.ref(plan.twinsBy);
  await sql`
    create temporary table replacement on commit drop as
    select d.id from touched as t join ${driver} as d on d.entity = ${entity} and d.id = t.id and not d.deleted
    where d.${by} in (
      select gone.${by} from superseded as s join ${driver} as gone on gone.entity = ${entity} and gone.id = s.source_id
      where gone.deleted
    )`.execute(trx);
  // Nearly always there are none; forming ids is not for nothing.
  const { rows } = await sql<{ some: boolean }>`select exists (select from replacement) as some`.execute(trx);
  if (rows[0]?.some !== true) return;
  await sql`
    insert into reformed
    select s.id from (${plan.lineIds({ entity, rows: sql.table('replacement') })}) as r
    join superseded as s on s.id = r.id and s.source_id <> r.source_id`.execute(trx);
}

import { type RawBuilder, sql } from 'kysely';

import { type BillingObject, columnOf } from '../../domain/catalogue/define-object.ts';
import type { Db } from '../database.ts';
import { bury, tombstoneOf } from './bury.ts';
import type { LoadCounts } from './extract-checkpoint.ts';
import { filledColumns, type Landing, typedColumns } from './landing.ts';
import { mappedFields } from './mapped-fields.ts';
import { customColumnOf, targetOf } from './target.ts';

interface Merge {
  readonly run: string;
  readonly entity: string;
  readonly org: string;
  readonly object: BillingObject;
  /** An export asks for every custom field there is; a Data Query only for what it needs. */
  readonly source: 'export' | 'data-query';
}

export type MergeCounts = Omit<LoadCounts, 'extracted'>;

/**
 * Sets `class` on every seen row: `rejected`, `replaced` (another row of the file, or a newer version
 * already here, stands for it), `unchanged` (a completed run has seen exactly this), `touched` (a run
 * that did not complete brought it), `buried` (this run was told already that the row is deleted, which it was
 * after the export), `changed` (another version is here) or null: it is new.
 */
export async function classify(db: Db, { run, entity, object }: Merge): Promise<void> {
  const { table, holds } = targetOf(object, entity);
  await sql`update seen set class = 'rejected' where reason is not null`.execute(db);
  if (await hasTwins(db)) await markReplacedTwins(db);
  const older =
    'UpdatedDate' in object.fields ? sql`when p.updated_date > s.updated_date then 'replaced'` : sql``;
  const told = sql`p.deleted and not s.deleted and p.changed_run = ${run}`;
  await sql`
    update seen as s set class = case
        when p.fingerprint = s.fingerprint and p.changed_run <= coalesce(m.last_run, 0) then 'unchanged'
        when p.fingerprint = s.fingerprint then 'touched'
        when ${told} and p.fingerprint = ${tombstoneOf(sql`s.fingerprint`)} then 'unchanged'
        ${older}
        when ${told} then 'buried'
        else 'changed'
      end
    from ${table} as p left join control.mark as m on m.entity = p.entity
    where ${holds('p')} and p.id = s.id and s.class is null`.execute(db);
}

/** Writes what is new or changed; a row that is unchanged is not touched. Casting may fail. */
export async function mergeSeen(db: Db, merge: Merge, landing: Landing): Promise<MergeCounts> {
  const { run, entity, org, object } = merge;
  const { table, nameColumn, nameValue } = targetOf(object, entity);
  const columns = filledColumns(landing).map((column) => sql`, ${sql.ref(column)}`);

  if (await hasSeen(db, sql`class in ('changed', 'touched', 'replaced', 'buried')`)) {
    await keepHistory(db, merge, landing);
    await updateChanged(db, merge, landing);
  }
  await sql`
    insert into ${table} (entity, org, changed_run, ${nameColumn} id, fingerprint, deleted,
      ${sql.ref(customColumnOf(object))}${sql.join(columns, sql``)})
    select ${entity}, ${org}, ${run}::bigint, ${nameValue} t.* from (
      select s.id, s.fingerprint, s.deleted, ${typedColumns(landing)}
      from seen as s join landing as l on l.file_row = s.file_row where s.class is null
    ) as t`.execute(db);

  const { rows } = await sql<MergeCounts>`
    select count(*) filter (where class in ('changed', 'touched') or class is null) as changed,
      count(*) filter (where class = 'unchanged') as unchanged,
      count(*) filter (where class in ('replaced', 'buried')) as replaced,
      count(*) filter (where class = 'rejected') as rejected
    from seen`.execute(db);
  return rows[0] ?? { changed: '0', unchanged: '0', replaced: '0', rejected: '0' };
}

/** Columns that the files do not have keep what they hold. */
async function updateChanged(db: Db, merge: Merge, landing: Landing): Promise<void> {
  const { run, entity, org, object } = merge;
  const { table, holds } = targetOf(object, entity);
  const assigned = contentColumns(merge, landing).map(
    (column) => sql`, ${sql.ref(column)} = t.${sql.ref(column)}`,
  );
  await sql`
    update ${table} as p set changed_run = ${run}, org = ${org}, fingerprint = t.fingerprint, deleted = t.deleted
      ${sql.join(assigned, sql``)}
    from (
      select s.id, s.fingerprint, s.deleted, ${typedColumns(landing)}
      from seen as s join landing as l on l.file_row = s.file_row where s.class in ('changed', 'touched', 'buried')
    ) as t
    where ${holds('p')} and p.id = t.id`.execute(db);
  if (!(await hasSeen(db, sql`class = 'buried'`))) return;
  await bury(db, merge, sql`p.id in (select id from seen where class = 'buried')`);
}

/** What a changed row takes over. */
function contentColumns({ object, source }: Merge, landing: Landing): string[] {
  const takesCustom = source === 'export' || landing.custom.length > 0;
  return [...(takesCustom ? [customColumnOf(object)] : []), ...filledColumns(landing)];
}

async function hasSeen(db: Db, which: RawBuilder<unknown>): Promise<boolean> {
  const { rows } = await sql`select from seen where ${which} limit 1`.execute(db);
  return rows.length > 0;
}

async function hasTwins(db: Db): Promise<boolean> {
  const { rows } = await sql<{ twins: boolean }>`
    select count(*) <> count(distinct id) as twins from seen where class is null`.execute(db);
  return rows[0]?.twins ?? false;
}

/** Of rows with one id the newest version stands; between equals, the last in the file. */
async function markReplacedTwins(db: Db): Promise<void> {
  await sql`
    update seen set class = 'replaced' where file_row in (
      select file_row from (
        select file_row, row_number() over (partition by id order by updated_date desc nulls last, file_row desc) as place
        from seen where class is null
      ) as ranked where place > 1
    )`.execute(db);
}

/**
 * Keeps the versions about to be replaced, unless only volatile fields changed that no line is formed from, and late
 * older ones. A line itself keeps the dates of its rows.
 */
async function keepHistory(db: Db, merge: Merge, landing: Landing): Promise<void> {
  const { run, entity, org, object } = merge;
  const { table, holds } = targetOf(object, entity);
  const mapped = await mappedFields(db, entity, object.name);
  const unmapped = [...object.volatile, 'UpdatedById'].filter((field) => !mapped.has(field));
  const quiet = new Set([...unmapped, 'UpdatedDate'].map((field) => columnOf(object, field)));
  const tracked = ['deleted', ...contentColumns(merge, landing).filter((column) => !quiet.has(column))];
  const of = (alias: string) => sql.join(tracked.map((column) => sql.id(alias, column)));
  const updated = 'UpdatedDate' in object.fields ? sql`p.updated_date` : sql`null::timestamptz`;
  const typed = sql`select s.id, s.fingerprint, s.deleted, s.class, ${typedColumns(landing)}
    from seen as s join landing as l on l.file_row = s.file_row`;
  await sql`
    insert into prestaging.history (entity, org, object, id, replaced_run, updated_date, fingerprint, content)
    select p.entity, p.org, ${object.name}, p.id, ${run}, ${updated}, p.fingerprint, jsonb_strip_nulls(to_jsonb(p))
    from ${table} as p join (${typed}) as t on t.id = p.id
    where ${holds('p')} and t.class = 'changed' and row(${of('p')}) is distinct from row(${of('t')})`.execute(
    db,
  );
  await sql`
    insert into prestaging.history (entity, org, object, id, replaced_run, updated_date, fingerprint, content)
    select ${entity}, ${org}, ${object.name}, t.id, ${run}, t.seen_date, t.fingerprint,
      jsonb_strip_nulls(to_jsonb(t) - 'class' - 'seen_date')
    from (select s.updated_date as seen_date, late.* from (${typed} where s.class = 'replaced') as late
      join seen as s on s.id = late.id and s.fingerprint = late.fingerprint and s.class = 'replaced') as t
    where not exists (
      select from prestaging.history as h
      where h.entity = ${entity} and h.object = ${object.name} and h.id = t.id and h.fingerprint = t.fingerprint
    ) and not exists (
      select from seen as same
      where same.id = t.id and same.fingerprint = t.fingerprint and same.class is distinct from 'replaced'
    )`.execute(db);
}

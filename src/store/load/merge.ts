import { sql } from 'kysely';

import { type BillingObject, columnOf } from '../../domain/catalogue/define-object.ts';
import type { Db } from '../database.ts';
import { prestagingTable } from '../prestaging-table.ts';

interface Merge {
  readonly run: string;
  readonly entity: string;
  readonly org: string;
  readonly object: BillingObject;
}

export interface MergeCounts {
  readonly changed: string;
  readonly unchanged: string;
  readonly replaced: string;
  readonly rejected: string;
}

/**
 * Merges the typed rows of this transaction into pre-staging. Sets `class` on every one of them:
 * `replaced` (another row of the file, or a newer version already here, stands for it), `unchanged` (a
 * completed run has seen exactly this), `touched` (a run that did not complete brought it) or `changed`.
 * Rows that did not change are found by a join before any write.
 */
export async function mergeTyped(db: Db, merge: Merge, filled: readonly string[]): Promise<MergeCounts> {
  const table = prestagingTable(merge.object);
  const versioned = filled.includes('updated_date');

  await sql`alter table typed add column class text`.execute(db);
  if (await hasTwins(db)) await markReplacedTwins(db, versioned);
  const older = versioned ? sql`when p.updated_date > t.updated_date then 'replaced'` : sql``;
  await sql`
    update typed as t set class = case
        when p.fingerprint = t.fingerprint and p.changed_run <= coalesce(m.last_run, 0) then 'unchanged'
        when p.fingerprint = t.fingerprint then 'touched'
        ${older}
        else 'changed'
      end
    from ${table} as p left join control.mark as m on m.entity = p.entity
    where p.entity = ${merge.entity} and p.id = t.id and t.class is null`.execute(db);

  await keepHistory(db, merge, filled);
  const assignments = filled.map((column) => sql`${sql.ref(column)} = t.${sql.ref(column)}`);
  await sql`
    update ${table} as p set changed_run = ${merge.run}, fingerprint = t.fingerprint, deleted = t.deleted,
      org = ${merge.org}, custom = t.custom${assignments.length > 0 ? sql`, ${sql.join(assignments)}` : sql``}
    from typed as t
    where t.class in ('changed', 'touched') and p.entity = ${merge.entity} and p.id = t.id`.execute(db);

  const columns = filled.map((column) => sql.ref(column));
  await sql`
    insert into ${table} (entity, org, id, changed_run, fingerprint, deleted, custom${columns.length > 0 ? sql`, ${sql.join(columns)}` : sql``})
    select ${merge.entity}, ${merge.org}, id, ${merge.run}, fingerprint, deleted, custom${columns.length > 0 ? sql`, ${sql.join(columns)}` : sql``}
    from typed where class is null`.execute(db);

  const { rows } = await sql<MergeCounts>`
    select count(*) filter (where class in ('changed', 'touched') or class is null) as changed,
      count(*) filter (where class = 'unchanged') as unchanged,
      count(*) filter (where class = 'replaced') as replaced,
      (select count(*) from rejected) as rejected
    from typed`.execute(db);
  return rows[0] ?? { changed: '0', unchanged: '0', replaced: '0', rejected: '0' };
}

async function hasTwins(db: Db): Promise<boolean> {
  const { rows } = await sql<{ twins: boolean }>`
    select count(*) <> count(distinct id) as twins from typed`.execute(db);
  return rows[0]?.twins ?? false;
}

/** Of rows with one id the newest version stands; between equals, the last in the file. */
async function markReplacedTwins(db: Db, versioned: boolean): Promise<void> {
  const newest = versioned ? sql`updated_date desc nulls last, file_row desc` : sql`file_row desc`;
  await sql`
    update typed set class = 'replaced' where file_row in (
      select file_row from (
        select file_row, row_number() over (partition by id order by ${newest}) as place from typed
      ) as ranked where place > 1
    )`.execute(db);
}

/** Keeps the versions about to be replaced, unless only volatile fields changed, and late older ones. */
async function keepHistory(db: Db, merge: Merge, filled: readonly string[]): Promise<void> {
  const { object } = merge;
  const quiet = new Set(
    [...object.volatile, 'UpdatedDate', 'UpdatedById'].map((field) => columnOf(object, field)),
  );
  const tracked = filled.filter((column) => !quiet.has(column));
  const before = sql.join([
    sql.ref('p.deleted'),
    sql.ref('p.custom'),
    ...tracked.map((c) => sql.ref(`p.${c}`)),
  ]);
  const after = sql.join([
    sql.ref('t.deleted'),
    sql.ref('t.custom'),
    ...tracked.map((c) => sql.ref(`t.${c}`)),
  ]);
  const updated = 'UpdatedDate' in object.fields ? sql`p.updated_date` : sql`null::timestamptz`;
  await sql`
    insert into prestaging.history (entity, org, object, id, replaced_run, updated_date, fingerprint, content)
    select p.entity, p.org, ${object.name}, p.id, ${merge.run}, ${updated}, p.fingerprint,
      jsonb_strip_nulls(to_jsonb(p))
    from ${prestagingTable(object)} as p join typed as t on p.id = t.id
    where p.entity = ${merge.entity} and t.class = 'changed' and row(${before}) is distinct from row(${after})
  `.execute(db);
  const late = filled.includes('updated_date') ? sql`t.updated_date` : sql`null::timestamptz`;
  await sql`
    insert into prestaging.history (entity, org, object, id, replaced_run, updated_date, fingerprint, content)
    select ${merge.entity}, ${merge.org}, ${object.name}, t.id, ${merge.run}, ${late}, t.fingerprint,
      jsonb_strip_nulls(to_jsonb(t) - 'file_row' - 'class')
    from typed as t
    where t.class = 'replaced' and not exists (
      select from prestaging.history as h
      where h.entity = ${merge.entity} and h.object = ${object.name} and h.id = t.id and h.fingerprint = t.fingerprint
    ) and not exists (
      select from typed as same where same.id = t.id and same.fingerprint = t.fingerprint and same.class is distinct from 'replaced'
    )`.execute(db);
}

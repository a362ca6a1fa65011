import { createHash } from 'node:crypto';

import { type RawBuilder, sql } from 'kysely';

import type { Db } from './database.ts';

/** Columns that differ between equal states: surrogate ids, hashes, clock times, runs and their owners. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  '*': [
    'fingerprint',
    'created_at',
    'changed_at',
    'opened_at',
    'closed_at',
    'granted_at',
    'since',
    'made_at',
    'decided_at',
    'applied_at',
    'released_at',
  ],
  'control.mark': ['last_run', 'high_water', 'looked_back_to'],
  'control.decision': ['decision', 'request'],
  'staging.line': ['run'],
  'staging.hold': ['hold'],
  'staging.finding': ['id', 'run', 'resolved_at'],
  'prestaging.history': ['replaced_run', 'replaced_at'],
  'revenue.line': ['collection'],
  'revenue.contract_version': ['collection'],
};

/** Rows that count, where not all do: what is resolved tells how the state came about. */
const COUNTED: Readonly<Record<string, RawBuilder<unknown>>> = {
  'staging.finding': sql`where resolved_at is null`,
};

/** Tables that tell how the state came about, not what it is: an undisturbed run differs from a recovered one. */
const JOURNALS = new Set([
  'control.run',
  'control.extract',
  'control.side_extract',
  'control.side_job',
  'control.side_mark',
  'control.deletes_capability',
  'control.balance',
  'control.collection',
  'prestaging.reject',
]);

export interface Digest {
  readonly total: string;
  /** `schema.table` -> sha256 of its rows in any order. */
  readonly tables: Readonly<Record<string, string>>;
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

/**
 * Fingerprint of the state: equal state, equal digest. The rows of a table are hashed each and added up,
 * so their order does not matter and a million rows need no sort.
 */
export async function digest(db: Db): Promise<Digest> {
  const tables: Record<string, string> = {};
  for (const table of await tablesOf(db)) tables[table.name] = await tableDigest(db, table);
  const total = createHash('sha256').update(JSON.stringify(tables)).digest('hex');
  return { total, tables };
}

async function tablesOf(db: Db): Promise<Table[]> {
  const { rows } = await sql<Table>`
    select n.nspname || '.' || c.relname as name, array_agg(a.attname::text order by a.attname) as columns
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where n.nspname in ('control', 'prestaging', 'staging', 'revenue') and c.relkind in ('r', 'p') and not c.relispartition
    group by 1 order by 1`.execute(db);
  return rows
    .filter(({ name }) => !JOURNALS.has(name))
    .map(({ name, columns }) => {
      const out = new Set([...(LEFT_OUT['*'] ?? []), ...(LEFT_OUT[name] ?? []), ...ownRun(name)]);
      return { name, columns: columns.filter((column) => !out.has(column)) };
    });
}

/**
 * What a deletion touches besides the row itself: the export tells a deleted row's own UpdatedDate, Data Query
 * and a key that is gone tell none, and the row is as deleted either way.
 */
const TOUCHED_BY_DELETION = ['updated_date', 'updated_by_id'];

function contentOf(table: string, columns: readonly string[], column: string): RawBuilder<unknown> {
  if (!table.startsWith('prestaging.')) return sql.ref(column);
  const history = table === 'prestaging.history';
  if (history && column === 'content') {
    return sql`content - 'changed_run' - 'fingerprint'
      - case when content -> 'deleted' = 'true' then ${TOUCHED_BY_DELETION}::text[] else '{}' end`;
  }
  if (!TOUCHED_BY_DELETION.includes(column)) return sql.ref(column);
  const deleted = history ? sql`coalesce(content -> 'deleted' = 'true', false)` : sql`deleted`;
  return history || columns.includes('deleted')
    ? sql`case when not ${deleted} then ${sql.ref(column)} end`
    : sql.ref(column);
}

const ownRun = (name: string): string[] => (name.startsWith('prestaging.') ? ['changed_run'] : []);

async function tableDigest(db: Db, { name, columns }: Table): Promise<string> {
  const content = columns.map((column) => contentOf(name, columns, column));
  const { rows } = await sql<{ state: string }>`
    with hashed as (select sha256(convert_to(row(${sql.join(content)})::text, 'UTF8')) as h from ${sql.table(name)} ${COUNTED[name] ?? sql``})
    select concat_ws('|', count(*), ${sql.join(
      [1, 9, 17, 25].map(
        (at) => sql`sum(('x' || encode(substr(h, ${sql.lit(at)}, 8), 'hex'))::bit(64)::bigint::numeric)`,
      ),
    )}) as state from hashed`.execute(db);
  return createHash('sha256')
    .update(`${name}|${columns.join(',')}|${rows[0]?.state ?? ''}`)
    .digest('hex');
}

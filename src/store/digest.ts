import { createHash } from 'node:crypto';

import { sql } from 'kysely';

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
  ],
  'control.mark': ['last_run', 'high_water'],
  'control.decision': ['decision'],
  'staging.line': ['run'],
  'staging.hold': ['hold'],
  'prestaging.history': ['replaced_run', 'replaced_at'],
  'revenue.line': ['collection'],
  'revenue.contract_version': ['collection'],
};

/** Tables that tell how the state came about, not what it is: an undisturbed run differs from a recovered one. */
const JOURNALS = new Set([
  'control.run',
  'control.extract',
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

const ownRun = (name: string): string[] => (name.startsWith('prestaging.') ? ['changed_run'] : []);

async function tableDigest(db: Db, { name, columns }: Table): Promise<string> {
  const content =
    name === 'prestaging.history'
      ? columns.map((column) =>
          column === 'content' ? sql`content - 'changed_run' - 'fingerprint'` : sql.ref(column),
        )
      : columns.map((column) => sql.ref(column));
  const { rows } = await sql<{ state: string }>`
    with hashed as (select sha256(convert_to(row(${sql.join(content)})::text, 'UTF8')) as h from ${sql.table(name)})
    select concat_ws('|', count(*), ${sql.join(
      [1, 9, 17, 25].map(
        (at) => sql`sum(('x' || encode(substr(h, ${sql.lit(at)}, 8), 'hex'))::bit(64)::bigint::numeric)`,
      ),
    )}) as state from hashed`.execute(db);
  return createHash('sha256')
    .update(`${name}|${columns.join(',')}|${rows[0]?.state ?? ''}`)
    .digest('hex');
}

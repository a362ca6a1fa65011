import { createHash } from 'node:crypto';

import { type RawBuilder, sql } from 'kysely';

import type { Db } from './database.ts';
import { ofOrganization } from './digest-of-organization.ts';

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
    'recorded_at',
  ],
  'control.mark': ['last_run', 'high_water', 'looked_back_to', 'whole_to'],
  'control.exchange_rate': ['recorded_by'],
  'control.decision': ['decision', 'request'],
  'control.billing_setting': ['read_at'],
  'staging.line': ['run'],
  'staging.hold': ['hold'],
  'staging.finding': ['id', 'run', 'resolved_at'],
  'staging.replacement': ['changed_run'],
  'control.settlement_switch': ['frozen_to', 'paused', 'resumed'],
  'prestaging.history': ['replaced_run', 'replaced_at'],
  'revenue.line': ['collection'],
  'revenue.contract_version': ['collection'],
};

/** Rows that count, where not all do: what is resolved tells how the state came about. */
const COUNTED: Readonly<Record<string, RawBuilder<unknown>>> = {
  'staging.finding': sql`resolved_at is null`,
  'staging.replacement': sql`counts <> 'both'`,
};

/** Tables that tell how the state came about, not what it is: an undisturbed run differs from a recovered one. */
const JOURNALS = new Set([
  'control.run',
  'control.extract',
  'control.side_extract',
  'control.side_job',
  'control.side_mark',
  'control.rate_mark',
  'control.deletes_capability',
  'control.balance',
  'control.collection',
  'control.settlement_chunk',
  'control.setting_change',
  'control.enablement',
  'control.enablement_step',
  'control.enablement_event',
  'prestaging.reject',
]);

export interface Digest {
  readonly total: string;
  /** `schema.table` -> sha256 of its rows in any order. */
  readonly tables: Readonly<Record<string, string>>;
}

interface Table {
  /** `schema.table`. */
  readonly name: string;
  readonly columns: readonly string[];
}

/**
 * Fingerprint of the state: equal state, equal digest. The rows of a table are hashed each and added up,
 * so their order does not matter and a million rows need no sort. With an organisation, of its rows only: what holds for
 * the whole tenant is left out, so that it is the digest that the organisation has in a database of its own. A login that
 * may not see everything gets the digest of what it sees.
 */
export async function digest(db: Db, org?: string): Promise<Digest> {
  const tables: Record<string, string> = {};
  for (const table of await tablesOf(db)) {
    const rows = org === undefined ? sql`true` : ofOrganization(table, org);
    if (rows !== null) tables[table.name] = await tableDigest(db, table, rows);
  }
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
      and has_table_privilege(c.oid, 'select')
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

async function tableDigest(db: Db, { name, columns }: Table, rows: RawBuilder<unknown>): Promise<string> {
  const content = columns.map((column) => contentOf(name, columns, column));
  const found = await sql<{ state: string }>`
    with hashed as (select sha256(convert_to(row(${sql.join(content)})::text, 'UTF8')) as h from ${sql.table(name)} where ${COUNTED[name] ?? sql`true`} and ${rows})
    select concat_ws('|', count(*), ${sql.join(
      [1, 9, 17, 25].map(
        (at) => sql`sum(('x' || encode(substr(h, ${sql.lit(at)}, 8), 'hex'))::bit(64)::bigint::numeric)`,
      ),
    )}) as state from hashed`.execute(db);
  return createHash('sha256')
    .update(`${name}|${columns.join(',')}|${found.rows[0]?.state ?? ''}`)
    .digest('hex');
}

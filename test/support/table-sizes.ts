import { sql } from 'kysely';

import type { Db } from '../../src/store/database.ts';

/** Rows of every table, as the catalogue has them. */
export async function tableSizes(db: Db): Promise<Record<string, string>> {
  const { rows: tables } = await sql<{ name: string }>`
    select n.nspname || '.' || c.relname as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('control', 'prestaging', 'staging', 'revenue') and c.relkind in ('r', 'p') and not c.relispartition`.execute(
    db,
  );
  const counted = tables.map(
    ({ name }) => sql`select ${name}::text as name, count(*) as rows from ${sql.table(name)}`,
  );
  const { rows } = await sql<{ name: string; rows: string }>`${sql.join(counted, sql` union all `)}`.execute(
    db,
  );
  return Object.fromEntries(rows.map(({ name, rows: count }) => [name, count]));
}

import { sql } from 'kysely';

import type { TestDatabase } from './database.ts';

/** The SO lines of each contract of some organisations, in order. */
export async function contractGroups(
  { db }: Pick<TestDatabase, 'db'>,
  ...orgs: string[]
): Promise<string[][]> {
  const { rows } = await sql<{ lines: string[] }>`
    select array_agg(so_line_id order by so_line_id collate "C") as lines from revenue.booking
    where org = any(${orgs}::text[]) group by org, contract order by min(so_line_id collate "C")`.execute(db);
  return rows.map(({ lines }) => lines);
}

/** The keys of an organisation's contracts, in order. */
export async function contractKeys({ db }: Pick<TestDatabase, 'db'>, org: string): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    select key from revenue.contract where org = ${org} order by key collate "C"`.execute(db);
  return rows.map(({ key }) => key);
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { sql } from 'kysely';

import type { Db } from './database.ts';
import { type DatabaseRole, IS_MIGRATED, ROLE_OF_LOGIN } from './login.ts';

const MIGRATIONS = join(import.meta.dirname, '..', '..', 'schema', 'migrations');

/** What can be said of a database without changing it. */
export interface DatabaseHealth {
  readonly user: string;
  readonly version: string;
  readonly major: number;
  /** Migrations that have not been applied, in order. */
  readonly pending: readonly string[];
  /** The mightiest of revsync's roles that the login belongs to. */
  readonly role: DatabaseRole | null;
}

/** Looks at server, schema and login. */
export async function databaseHealth(db: Db): Promise<DatabaseHealth> {
  const { rows } = await sql<Omit<DatabaseHealth, 'pending'> & { migrated: boolean; readable: boolean }>`
    select session_user::text as user, current_setting('server_version') as version,
      current_setting('server_version_num')::integer / 10000 as major,
      ${IS_MIGRATED} as migrated,
      coalesce(has_table_privilege(to_regclass('public.kysely_migration'), 'select'), false) as readable,
      ${ROLE_OF_LOGIN} as role`.execute(db);
  const [found] = rows;
  if (found === undefined) throw new TypeError('a query without rows');
  const { migrated, readable, ...health } = found;
  const all = await migrationNames();
  if (!readable) return { ...health, pending: migrated ? pendingUnread(health.role, all) : all };
  const applied = await sql<{ name: string }>`select name from public.kysely_migration`.execute(db);
  const names = new Set(applied.rows.map(({ name }) => name));
  return { ...health, pending: all.filter((name) => !names.has(name)) };
}

/** From this one on revsync's roles may read the list: to whom it is closed, this one is missing at least. */
const READABLE_FROM = '0020';

const pendingUnread = (role: DatabaseRole | null, all: readonly string[]): string[] =>
  role === null ? [] : all.filter((name) => name >= READABLE_FROM);

async function migrationNames(): Promise<string[]> {
  return (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).toSorted();
}

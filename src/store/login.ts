import { sql } from 'kysely';

import type { Db } from './database.ts';

/** What a login may do with revsync's tables; the mightier includes the others. */
export type DatabaseRole = 'worker' | 'operator' | 'reader';

/** Who a connection's user is to revsync. */
export interface Login {
  readonly user: string;
  /** The mightiest of revsync's roles that the user belongs to; a superuser and the owner of the tables are workers. */
  readonly role: DatabaseRole | null;
  /** Whether the schema is there. */
  readonly migrated: boolean;
}

/** The role of whoever logged in, as a column of a query. */
export const ROLE_OF_LOGIN = sql<DatabaseRole | null>`(
  select substr(rolname::text, 9) from pg_roles
  where rolname in ('revsync_worker', 'revsync_operator', 'revsync_reader') and pg_has_role(session_user, oid, 'member')
  order by array_position(array['revsync_worker', 'revsync_operator', 'revsync_reader']::name[], rolname)
  limit 1)`;

/** Whether the newest table of the first migrations is there, as a column; anybody may look. */
export const IS_MIGRATED = sql<boolean>`exists (
  select from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname = 'revenue' and c.relname = 'line')`;

/** Looks who logged in; works for any login and on an empty database. */
export async function readLogin(db: Db): Promise<Login> {
  const { rows } = await sql<Login>`
    select session_user::text as "user", ${ROLE_OF_LOGIN} as role, ${IS_MIGRATED} as migrated`.execute(db);
  const [login] = rows;
  if (login === undefined) throw new TypeError('a query without rows');
  return login;
}

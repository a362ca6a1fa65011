import { sql } from 'kysely';

import type { Db } from './database.ts';

const ROLES = sql`('revsync_worker', 'revsync_operator', 'revsync_reader')`;

/**
 * Whether the login may apply migrations: as a superuser or the owner of the database, who also owns the schema that is
 * there, and can make revsync's roles where the cluster has none yet.
 */
export async function mayMigrate(db: Db): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select pg_has_role(d.datdba, 'usage')
      and coalesce((select pg_has_role(c.relowner, 'usage') from pg_class as c
        where c.oid = to_regclass('public.kysely_migration')), true)
      and (u.rolsuper or (select case when count(*) = 3
        then bool_or(r.rolname = 'revsync_worker' and pg_has_role(r.oid, 'member')) else u.rolcreaterole end
        from pg_roles as r where r.rolname in ${ROLES})) as may
    from pg_database as d, pg_roles as u
    where d.datname = current_database() and u.rolname = current_user`.execute(db);
  return rows[0]?.may ?? false;
}

import { sql } from 'kysely';

import type { Db } from '../database.ts';
import type { DatabaseRole } from '../login.ts';

/** A database role and the organisations it sees. */
export interface Access {
  readonly role: string;
  /** What it may do; null for a role that is none of these, or is gone: it sees nothing. */
  readonly as: DatabaseRole | null;
  /** False: the role was dropped since. Another one of its name would have its access. */
  readonly exists: boolean;
  readonly login: boolean;
  /** Empty for a worker, which sees every organisation. */
  readonly orgs: readonly { readonly org: string; readonly grantedAt: string }[];
}

const KIND = sql`case
  when pg_has_role(r.oid, 'revsync_worker', 'member') then 'worker'
  when pg_has_role(r.oid, 'revsync_operator', 'member') then 'operator'
  when pg_has_role(r.oid, 'revsync_reader', 'member') then 'reader' end`;

/** Every role that has access to an organisation, or could have; superusers, who see everything anyway, are left out. */
export async function listAccess(db: Db): Promise<Access[]> {
  const { rows } = await sql<Access>`
    with granted as (
      select role_name, jsonb_agg(jsonb_build_object('org', org, 'grantedAt',
        to_char(granted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by org) as orgs
      from control.access group by role_name
    ), known as (
      select r.rolname, r.rolcanlogin, ${KIND} as kind from pg_roles as r
      where not r.rolsuper and r.rolname not in ('revsync_worker', 'revsync_operator', 'revsync_reader')
    )
    select coalesce(g.role_name, k.rolname)::text as role, k.kind as as, k.rolname is not null as exists,
      coalesce(k.rolcanlogin, false) as login, coalesce(g.orgs, '[]') as orgs
    from known as k full join granted as g on g.role_name = k.rolname
    where g.role_name is not null or k.kind is not null
    order by 1`.execute(db);
  return rows;
}

import { sql } from 'kysely';

import type { SetupKind } from '../../domain/setups/setup-kind.ts';
import type { Db } from '../database.ts';

/** The organisations that no default of a kind serves, neither their own nor the one for all; in key order. */
export async function orgsWithout(db: Db, kind: SetupKind): Promise<string[]> {
  const { rows } = await sql<{ org: string }>`
    select o.org from control.organization as o
    where not exists (
      select from revenue.setup as s
      where s.kind = ${kind} and s.status = 'default' and (s.org is null or s.org = o.org)
    )
    order by o.org`.execute(db);
  return rows.map(({ org }) => org);
}

import { sql } from 'kysely';

import type { Db } from '../database.ts';

/** Revenue contracts that lines of `difference` belong to or would be collected into. */
export interface AffectedContracts {
  /** Exact text. */
  readonly count: string;
  readonly sample: readonly string[];
}

/** By the SO line that a line belongs to; a booking of an unknown one by the key that it would be grouped by. */
export async function affectedContracts(trx: Db, org: string, samples: number): Promise<AffectedContracts> {
  const { rows } = await sql<AffectedContracts>`
    with affected as (
      select o.contract from (select distinct unnest(so_lines) as so_line_id from difference) as d
      join revenue.obligation as o on o.org = ${org} and o.so_line_id = d.so_line_id
      union
      select c.id from (select distinct unnest(keys) as key from difference) as d
      join revenue.contract as c on c.org = ${org} and c.key = d.key
    )
    select (select count(*) from affected) as count,
      array(select contract from affected order by contract collate "C" limit ${samples}) as sample`.execute(
    trx,
  );
  return rows[0] ?? { count: '0', sample: [] };
}

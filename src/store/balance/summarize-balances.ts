import { sql } from 'kysely';

import type { RunBalance } from '../../domain/enablement/step-10-revenue-sync.ts';
import type { Db } from '../database.ts';

/** The balances of several runs in few words, by entity; as `readBalance` tells those of one. */
export async function summarizeBalances(db: Db, runs: readonly string[]): Promise<RunBalance[]> {
  const { rows } = await sql<RunBalance>`
    select r.entity, r.run, coalesce(b.balanced, true) as balanced, coalesce(b.held, '0') as held,
      coalesce(l.lines, '{}') as lines
    from control.run as r
    left join lateral (
      select bool_and(extracted = staged + held + rejected + excluded + unchanged + reference) as balanced,
        trim_scale(sum(held) filter (where measure = 'count'))::text as held
      from control.balance where run = r.run
    ) as b on true
    left join lateral (
      select jsonb_object_agg(type, count) as lines from (
        select type, count(*)::text as count from staging.line
        where entity = r.entity and run = r.run group by type
      ) as t
    ) as l on true
    where r.run = any(${[...runs]}::bigint[])
    order by r.entity, r.run`.execute(db);
  return rows;
}

import { sql } from 'kysely';

import type { Db } from '../database.ts';

/**
 * A billing that was released as correction or amendment (`INV:x#2`) counts instead of the form that was collected
 * before, which is superseded then. The collected form of a line is the one in `revenue.line`, whatever its id ends in.
 * An SO line needs none of this: its booking stands at the newest form.
 */
export async function replaceForms(trx: Db, org: string): Promise<void> {
  await sql`
    with newer as (
      select entity, id, form, regexp_replace(id, '#\\d+$', '') as base
      from candidate where type <> 'SO' and form > 1 and outcome = 'collected'
    ), replaced as (
      delete from revenue.line as r using newer as n, staging.line as l
      where r.org = ${org} and r.entity = n.entity and l.entity = n.entity and l.id = r.line
        and l.form < n.form and r.line = any(
          select n.base || case when f = 1 then '' else '#' || f end from generate_series(1, n.form - 1) as f)
      returning r.entity, r.org, r.line
    )
    insert into staging.line_state (entity, org, id, status)
    select entity, org, line, 'superseded' from replaced
    on conflict (entity, id) do update set status = excluded.status`.execute(trx);
}

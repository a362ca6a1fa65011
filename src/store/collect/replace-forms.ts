import { sql } from 'kysely';

import type { Db } from '../database.ts';

/**
 * A billing that was released as correction or amendment (`INV:x#2`) counts instead of the form that was collected
 * before, which is superseded then. The collected form of a line is the one in `revenue.line`, whatever its id ends in.
 * An SO line needs none of this: its booking stands at the newest form. The SO line that a form was collected for is
 * reckoned with anew, since its newer one may be for another.
 */
export async function replaceForms(trx: Db, org: string): Promise<void> {
  await sql`
    with newer as (
      select entity, id, form, regexp_replace(id, '#\\d+$', '') as base
      from candidate where type <> 'SO' and form > 1 and outcome = 'collected'
    ), older as (
      select n.entity, l.id
      from newer as n
      cross join lateral generate_series(1, n.form - 1) as f
      join staging.line as l on l.entity = n.entity and l.form < n.form
        and l.id = n.base || case when f = 1 then '' else '#' || f end
    ), replaced as (
      delete from revenue.line as r using older as o
      where r.org = ${org} and r.entity = o.entity and r.line = o.id
      returning r.entity, r.org, r.line, r.so_line_id
    ), due as (
      insert into revenue.due_growth (org, so_line_id) select distinct org, so_line_id from replaced
      on conflict do nothing
    )
    insert into staging.line_state (entity, org, id, status)
    select entity, org, line, 'superseded' from replaced
    on conflict (entity, id) do update set status = excluded.status`.execute(trx);
}

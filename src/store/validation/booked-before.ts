import { type RawBuilder, sql } from 'kysely';

import { supersededVersions } from './superseded-versions.ts';

/**
 * Joins to `candidate as c` what its SO line was booked with before, of what is not zero: the newest version that was
 * collected, else the oldest that is known, whether it comes along or was passed over earlier. Most SO lines come
 * once and stand nowhere yet.
 */
export const bookedBefore = (org: string): RawBuilder<unknown> => sql`
  left join (
    with zero as (
      select c.entity, c.so_line_id, max(c.version) - 1 as upto, -1 as above
      from candidate as c
      join revenue.booking as b on b.org = ${org} and b.so_line_id = c.so_line_id
        and b.amount = 0 and not b.invoice_driven
      where c.type = 'SO'
      group by c.entity, c.so_line_id
    )
    select distinct on (so_line_id) so_line_id, version, form, amount
    from (
      select so_line_id, version, form, amount, null::numeric as collected from candidate
      where type = 'SO' and amount <> 0 and outcome is distinct from 'rejected' and so_line_id in (
        select so_line_id from candidate where type = 'SO' group by so_line_id having count(*) > 1
      )
      union all
      select b.so_line_id, b.version, 1, b.amount, b.version
      from revenue.booking as b
      where b.org = ${org} and b.amount <> 0 and b.so_line_id in (select so_line_id from candidate where type = 'SO')
      union all
      select r.so_line_id, r.version, 1, r.amount, r.version
      from revenue.line as r
      where r.org = ${org} and r.type = 'SO' and r.amount <> 0 and r.so_line_id in (select so_line_id from zero)
      union all
      select z.so_line_id, s.version, 1, s.amount, null from zero as z cross join ${supersededVersions('z')} as s
      where s.amount <> 0
    ) as known
    order by so_line_id, collected desc nulls last, version, form
  ) as "Before" on "Before".so_line_id = c.so_line_id and ("Before".version, "Before".form) <= (c.version, c.form)`;

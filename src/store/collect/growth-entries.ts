import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { changeEntry } from './change-entry.ts';

/** Order of the causes in a version: after what was booked. */
const PLACE = 100;

/** Enters what billing changed of bookings (`booking_change` of the growth phase) into `contract_change`. */
export async function enterGrowth(trx: Db, org: string): Promise<void> {
  const entries = sql`
    select so_line_id, 'growth' as action, 2 as part,
      max(was) filter (where field = 'lifted') as was, max(became) filter (where field = 'lifted') as became,
      coalesce(jsonb_object_agg('Revenue End Date', jsonb_build_object('was', was, 'is', became))
        filter (where field = 'lastsUntil'), '{}') as fields, null as type
    from booking_change where field in ('lifted', 'lastsUntil') group by so_line_id
    union all
    select so_line_id, case field when 'conceded' then 'concession' else 'system-credit' end,
      case field when 'conceded' then 3 when 'system CM-C' then 4 else 5 end, was, became, '{}',
      case when field like 'system %' then substr(field, 8) end
    from booking_change where field = 'conceded' or field like 'system %'`;
  const category = sql`case when not b.invoice_driven then 'overstated-invoice'
    when lower(l.rate_plan_charge_type) = 'usage' then 'usage' else 'evergreen' end`;
  const lifted = sql`g.action = 'growth' and g.became is null`;
  await sql`
    insert into contract_change (contract, so_line_id, part, place, cause, made_by, entry)
    select b.contract, b.so_line_id, g.part, ${PLACE}::integer + g.part,
      case g.action when 'concession' then 'Concession' when 'system-credit' then 'System credit'
        else case ${category} when 'usage' then 'Usage billed' when 'evergreen' then 'Evergreen billed'
          else 'Overstated invoice' end end,
      'revsync',
      ${changeEntry({
        action: sql`g.action`,
        soLineId: sql`b.so_line_id`,
        line: sql`b.line`,
        amount: sql`case when ${lifted} then b.lifted else coalesce(g.became::numeric, 0) end`,
        wasAmount: sql`case when ${lifted} then b.lifted else coalesce(g.was::numeric, 0) end`,
        currency: sql`b.currency`,
        category: sql`case when g.action = 'growth' then ${category} else g.type end`,
        fields: sql`g.fields`,
      })}
    from (${entries}) as g
    join revenue.booking as b on b.org = ${org} and b.so_line_id = g.so_line_id
    join staging.line as l on l.entity = b.entity and l.id = b.line`.execute(trx);
}

import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { changeEntry } from './change-entry.ts';

/** After growth and credits. */
const PLACE = 110;

/** Enters obligations whose first line came late and has another template into `contract_change`. */
export async function enterObligations(trx: Db, org: string): Promise<void> {
  await sql`
    insert into contract_change (contract, so_line_id, part, place, cause, made_by, entry)
    select o.contract, l.so_line_id, 6, ${PLACE}::integer, 'Obligation', 'revsync',
      ${changeEntry({
        action: sql`'obligation'`,
        soLineId: sql`l.so_line_id`,
        line: sql`o.line`,
        fields: sql`jsonb_build_object('Obligation template',
          jsonb_build_object('was', p.was_template, 'is', o.template))`,
      })}
    from promise as p
    join revenue.obligation as o on o.org = ${org} and o.id = p.id and o.template <> p.was_template
    join staging.line as l on l.entity = o.entity and l.id = o.line`.execute(trx);
}

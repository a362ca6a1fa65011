import { sql } from 'kysely';

import type { Db } from '../database.ts';

/**
 * Lets obligations follow SO lines whose bookings went to other contracts, in the same transaction: each charge has an
 * obligation in the contract it is in, on the terms of the one it had, and what nothing is booked on any more goes.
 */
export async function moveObligations(
  trx: Db,
  { org, soLineIds }: { org: string; soLineIds: readonly string[] },
): Promise<void> {
  await sql`
    insert into revenue.obligation (org, id, contract, charge, name, template, assigned_by, setup, setup_version,
      ratable_method, release_event, processing, accounting, retain, entity, line)
    select distinct on (b.contract, o.charge) o.org,
      revenue.id_of('POB', o.org, b.contract || '|' || o.charge), b.contract, o.charge, o.name, o.template,
      o.assigned_by, o.setup, o.setup_version, o.ratable_method, o.release_event, o.processing, o.accounting, o.retain,
      o.entity, o.line
    from revenue.booking as b
    join revenue.obligation as o on o.org = b.org and o.id = b.obligation
    where b.org = ${org} and b.so_line_id = any(${soLineIds}::text[]) and o.contract <> b.contract
    order by b.contract, o.charge, o.id
    on conflict (org, id) do nothing`.execute(trx);
  await sql`
    with moved as (
      update revenue.booking as b set obligation = n.id
      from revenue.obligation as o, revenue.obligation as n
      where b.org = ${org} and b.so_line_id = any(${soLineIds}::text[]) and o.org = b.org and o.id = b.obligation
        and o.contract <> b.contract and n.org = b.org and n.contract = b.contract and n.charge = o.charge
      returning o.id, b.so_line_id
    )
    delete from revenue.obligation as o using moved as m
    where o.org = ${org} and o.id = m.id and not exists (
      select from revenue.booking as b
      where b.org = o.org and b.contract = o.contract and b.obligation = o.id
        and b.so_line_id not in (select so_line_id from moved)
    )`.execute(trx);
}

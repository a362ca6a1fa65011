import { type RawBuilder, sql } from 'kysely';

import type { Db } from '../../database.ts';

/** Makes the contracts of `placed` that lines go into and that are not there yet; `into` selects their ids. */
export async function makeContracts(
  trx: Db,
  org: string,
  { name, version }: { readonly name: string; readonly version: number },
  into: RawBuilder<unknown>,
): Promise<void> {
  await sql`
    insert into revenue.contract (org, id, key, subscription, customer, term, template, template_version, rule,
      window_start)
    select distinct on (p.own collate "C") ${org}, p.own, p.key, p.subscription, p.customer, p.term, ${name}, ${version}::integer,
      p.rule, p.window_start
    from placed as p where p.own in (${into})
    order by p.own collate "C", p.so_line_id collate "C"
    on conflict (org, id) do nothing`.execute(trx);
}

import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { prestagingTable } from '../prestaging-table.ts';
import type { CompiledTemplate } from '../transform/compile.ts';
import { takeRenewals } from '../transform/term-number.ts';
import { type BalanceScope, changedDrivers } from './changed-drivers.ts';

/**
 * Counts rows without a line as `staged` whose line is there: a charge of an order that was deleted and made
 * again, with the values of the collected line that the deleted charge had formed. Any other row
 * without a line stays uncounted, so that the balance shows it.
 */
export async function recordReplacements(
  trx: Db,
  scope: BalanceScope,
  plan: CompiledTemplate,
): Promise<void> {
  if (plan.twinsBy === null) return;
  const { run, entity, org } = scope;
  const { name } = plan.driver;
  await takeRenewals(trx, entity);
  await sql`
    with driver as (${changedDrivers(scope, plan)}), lost as (
      select * from driver where reason is null and not exists (
        select from staging.line as l
        where l.entity = ${entity} and l.source_object = ${name} and l.source_id = driver.id
      )
    ), replacement as (
      select * from lost where id in (
        select f.source_id from (${plan.lineIds({ entity, rows: sql.table('lost') })}) as f
        join revenue.line as r on r.entity = ${entity} and r.line = f.id
        join staging.line as l on l.entity = r.entity and l.id = r.line and l.source_object = ${name}
        join ${prestagingTable(plan.driver)} as gone on gone.entity = l.entity and gone.id = l.source_id and gone.deleted
      )
    ), measured as (
      select currency, 'count' as measure, count(*)::numeric as value from replacement group by 1
      union all
      select currency, 'amount', sum(amount) from replacement group by 1
    )
    update control.balance as b set staged = b.staged + m.value from measured as m
    where b.run = ${run} and b.org = ${org} and b.object = ${name} and b.currency = m.currency
      and b.measure = m.measure`.execute(trx);
  await sql`drop table renewal`.execute(trx);
}

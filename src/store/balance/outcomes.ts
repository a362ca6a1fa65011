import { sql } from 'kysely';

import type { CompiledTemplate } from '../transform/compile.ts';
import { hasDrivers } from '../transform/driver-rows.ts';
import type { Db } from '../database.ts';
import { type BalanceScope, changedDrivers } from './changed-drivers.ts';
import { recordReplacements } from './replacements.ts';

/**
 * Completes the balance of a driver after the transform: each row version that this run changed is
 * `excluded` (with the reason), `held` (a line of it is withheld) or `staged` (it has lines, none
 * withheld). A row in none of these leaves the balance unequal, which is what the balance is for.
 * Repeating it gives the same figures.
 */
export async function recordOutcomes(trx: Db, scope: BalanceScope, plan: CompiledTemplate): Promise<void> {
  const { run, entity, org } = scope;
  const { name } = plan.driver;
  if (!(await hasDrivers(trx, { driver: plan.driver, entity, run }))) return;
  const { rows } = await sql<{ lost: boolean }>`
    with driver as (${changedDrivers(scope, plan)}), lines as (
      select l.source_id as id, bool_or(coalesce(s.status in ('held', 'stopped'), false)) as withheld
      from staging.line as l left join staging.line_state as s on s.entity = l.entity and s.id = l.id
      where l.entity = ${entity} and l.source_object = ${name} and l.source_id in (select id from driver)
      group by 1
    ), ended as (
      select driver.currency, driver.amount,
        case when driver.reason is not null then driver.reason
          when lines.withheld then 'held' when lines.id is not null then 'staged' end as ending
      from driver left join lines using (id)
    ), measured as (
      select currency, ending, 'count' as measure, count(*)::numeric as value from ended group by 1, 2
      union all
      select currency, ending, 'amount', sum(amount) from ended group by 1, 2
    ), summed as (
      select currency, measure,
        coalesce(sum(value) filter (where ending = 'staged'), 0) as staged,
        coalesce(sum(value) filter (where ending = 'held'), 0) as held,
        coalesce(jsonb_object_agg(ending, trim_scale(value)::text)
          filter (where ending not in ('staged', 'held')), '{}') as exclusions
      from measured group by 1, 2
    ), written as (
      update control.balance as b set staged = s.staged, held = s.held,
        exclusions = (
          select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(b.exclusions) as e
          where e.key in ('deleted', 'superseded')
        ) || s.exclusions,
        excluded = (
          select coalesce(sum(e.value::numeric), 0) from jsonb_each_text(
            (select coalesce(jsonb_object_agg(k.key, k.value), '{}') from jsonb_each(b.exclusions) as k
              where k.key in ('deleted', 'superseded')) || s.exclusions) as e
        )
      from summed as s
      where b.run = ${run} and b.org = ${org} and b.object = ${name} and b.currency = s.currency and b.measure = s.measure
    )
    select exists (select from ended where ending is null) as lost`.execute(trx);
  if (rows[0]?.lost === true) await recordReplacements(trx, scope, plan);
}

import { type RawBuilder, sql } from 'kysely';

import type { Db } from '../database.ts';
import { readLastRun } from './last-run.ts';
import { divided } from './told-rate.ts';

/** How `staging.line.withheld` tells that a rate is missing: `<this>EUR to USD on 2024-01-31`. */
export const NO_RATE = 'missing-exchange-rate:';

const setting = (name: string, instead: string): RawBuilder<string> =>
  sql<string>`coalesce((select value from control.profile where name = ${sql.lit(name)}), ${sql.lit(instead)})`;

/**
 * What lines are converted by (domain.md 7.2, 7.3), for the transaction at hand:
 *
 * - `rate_setting`: one row. `from_billing`: billing lines take the rate that Billing used. `divides`: it divides by it.
 *   `reporting`: the reporting currency; null: each line's functional one.
 * - `rate_day`: by pair of currencies and day, the rate that counts on that day. `inverse`: amounts are divided by it.
 *   With `Latest Rate Available` a day without a rate has that of the day before.
 * - `rate_last`: by pair, the last day of `rate_day` that stands for all later ones; `infinity` where none does.
 */
export async function takeRates(trx: Db, entity: string): Promise<void> {
  const latest = sql`${setting('BILLING_EXCHANGE_RATE_DATE', 'Latest Rate Available')} <> 'Rate On Specified Date'`;
  await sql`
    create temporary table rate_setting on commit drop as
    select ${setting('KS_ENABLE_ZBILL_EXCHG_RATE', 'Y')} in ('Y', 'Yes') as from_billing,
      nullif(${setting('REPORTING_CURRENCY', '')}, '') as reporting, coalesce((select divides_by_rates from control.entity where entity = ${entity}), false) as divides`.execute(
    trx,
  );
  await sql`
    create temporary table rate_day on commit drop as
    with told as (
      select distinct on (from_currency, to_currency, day) from_currency, to_currency, day, rate, inverse,
        source || ' ' || from_currency || '-' || to_currency || ', version ' || version || coalesce(', ' || rate_set, '') as source
      from control.exchange_rate where entity = ${entity}
      order by from_currency, to_currency, day, version desc
    ), either_way as (
      -- A rate serves the other direction, too, where that has none of its own on the day.
      select distinct on (from_currency, to_currency, day) from_currency, to_currency, day, rate, inverse, source
      from (
        select *, false as turned from told
        union all
        select to_currency, from_currency, day, rate, not inverse, source, true from told
      ) as either
      order by from_currency, to_currency, day, turned
    ), until as (
      select *, lead(day) over (partition by from_currency, to_currency order by day) as next from either_way
    )
    select u.from_currency, u.to_currency, d.day::date as day, u.rate, u.inverse, u.day as told_for, u.source
    from until as u
    cross join lateral generate_series(u.day, case when ${latest} then coalesce(u.next - 1, u.day) else u.day end,
      interval '1 day') as d (day)`.execute(trx);
  await sql`
    create temporary table rate_last on commit drop as
    select from_currency, to_currency, case when ${latest} then max(day) else 'infinity' end as day
    from rate_day group by 1, 2`.execute(trx);
  for (const table of ['rate_day', 'rate_last']) await sql`analyze ${sql.table(table)}`.execute(trx);
}

/** Items whose own amounts say how Billing converts; more of them say the same. */
const SAMPLE = 1_000;

/**
 * Remembers whether Billing divides amounts of the entity by its rates or multiplies, as far as the invoice items that
 * came since its last completed run show it.
 */
export async function rememberDivision(trx: Db, entity: string): Promise<void> {
  const since = await readLastRun(trx, entity);
  await sql`
    update control.entity as e set divides_by_rates = shown.divides
    from (
      select count(*) filter (where divided) > count(*) filter (where not divided) as divides from (
        select ${divided('item')} as divided from prestaging.invoice_item as item
        where item.entity = ${entity} and item.changed_run > ${since} and item.exchange_rate <> 1
          and item.charge_amount <> 0 and item.charge_amount_home_currency is not null
        limit ${sql.lit(SAMPLE)}
      ) as sample having count(divided) > 0
    ) as shown
    where e.entity = ${entity} and e.divides_by_rates is distinct from shown.divides`.execute(trx);
}

/** Whether there is a rate now that a staged line lacked when it was formed, by its alias; or rules about rates changed since. */
export const mayHaveRates = (entity: string, line: string): RawBuilder<boolean> => sql<boolean>`(
    exists (
      select from unnest(${sql.id(line, 'withheld')}) as w
      cross join lateral regexp_match(w, ${`^${NO_RATE}(.*) to (.*) on (.*)$`}) as lacked
      join rate_last as t on t.from_currency = lacked[1] and t.to_currency = lacked[2]
      join rate_day as d on d.from_currency = t.from_currency and d.to_currency = t.to_currency
        and d.day = least(lacked[3]::date, t.day)
    ) or exists (
      select from control.mark as m
      join control.run as r on r.run = m.last_run
      join control.profile as p on p.changed_at > r.opened_at
      where m.entity = ${entity}
        and p.name in ('KS_ENABLE_ZBILL_EXCHG_RATE', 'BILLING_EXCHANGE_RATE_DATE', 'REPORTING_CURRENCY')
    )
  )`;

import { type RawBuilder, sql } from 'kysely';

import { CONVERTED_LABELS, type StagingField } from '../../domain/mapping/staging-fields.ts';
import { MAPPED_RATE } from '../lines/content.ts';
import type { Mapped } from './derivation.ts';
import { listed } from './listed.ts';
import { decimalsOf } from './minor-units.ts';
import { NO_RATE } from './rates.ts';

type Sql<Value = unknown> = RawBuilder<Value>;

/** Where the rate of a transaction type comes from, as expressions over the joins of its derivation. */
export interface RateSource {
  /** The rate that Billing itself used, null where it told none; what it is called, its day, and its home currency. */
  readonly told: {
    readonly name: string;
    readonly rate: Sql;
    readonly day: Sql;
    readonly home: Sql;
    /** Whether Billing divided by the rate: its own amount in the home currency shows it. */
    readonly divides: Sql;
  } | null;
  /** The day whose rate is looked up otherwise; null: the Sales Order Date. */
  readonly day: Sql | null;
  /** Whether lines of a collected SO line keep the rate that it was booked by. */
  readonly pinned: boolean;
}

/** Whether the conversion fills the field. */
export const isConverted = ({ label }: StagingField): boolean =>
  label === 'Func Ex Rate' || CONVERTED_LABELS.has(label);

/** What the conversion reads of a line beside its fields: the template's own rate, and what `rates` tells. */
export function rateFacts({ told, day }: RateSource, mapped: Mapped): Readonly<Record<string, Sql>> {
  return {
    mapped_rate: mapped('func_ex_rate'),
    told_rate: told?.rate ?? sql`null::numeric`,
    told_day: told?.day ?? sql`null::date`,
    told_home: told?.home ?? sql`null::text`,
    told_divides: told?.divides ?? sql`false`,
    rate_day: day ?? sql`null::date`,
    org: sql`"Entity".org`,
  };
}

/** What each column of the conversion is worked out from, for those who trace it. */
export function conversionReads(
  { told, day }: RateSource,
  { price, mapped }: { readonly price: Sql; readonly mapped: Mapped },
): Readonly<Record<string, Sql>> {
  const currencies = [mapped('transaction_currency'), mapped('functional_currency')];
  const dated = [...(told === null ? [] : [told.day]), day ?? mapped('sales_order_date')];
  const rate = [...currencies, ...(told === null ? [] : [told.rate, told.home, told.divides]), ...dated];
  const reads = (...parts: readonly Sql[]): Sql => sql.join(parts);
  return {
    func_ex_rate: reads(mapped('func_ex_rate'), ...rate),
    inverse_func_ex_rate: reads(...rate),
    func_ex_rate_date: reads(...rate),
    func_ex_rate_source: reads(...rate),
    functional_ext_sell_price: reads(price, mapped('func_ex_rate'), ...rate),
    reporting_currency: mapped('functional_currency'),
    global_ex_rate: reads(mapped('functional_currency'), ...dated),
    inverse_global_ex_rate: reads(mapped('functional_currency'), ...dated),
    global_ex_rate_date: reads(mapped('functional_currency'), ...dated),
    global_ex_rate_source: reads(mapped('functional_currency'), ...dated),
    reporting_ext_sell_price: reads(price, mapped('func_ex_rate'), ...rate),
  };
}

/**
 * The finished lines of `lines` with what their Ext Sell Price is worth in the functional and in the reporting
 * currency, and by which rates (domain.md 7.2, 7.3): the template's own, 1 between equal currencies, the one that the SO line is
 * booked by, the one that Billing used, else that of the day. The total of a line is converted once, from exact rates,
 * and rounded to the minor unit, half away from zero. What has no rate stays empty, and `wanted_day` says for which
 * day. Reads what `takeRates` left.
 */
export const converted = (lines: Sql, rates: RateSource): Sql => sql`
    select r.*,
      ${listed(amounts())}
    from (${withRates(lines, rates)}
    ) as r`;

const SAME = sql<boolean>`f.transaction_currency = f.functional_currency`;
const FROM_BILLING = sql<boolean>`(select from_billing from rate_setting)`;
const REPORTING = sql<string>`coalesce((select reporting from rate_setting), f.functional_currency)`;
const WANTED_DAY = sql<string>`coalesce(case when ${FROM_BILLING} then f.told_day end, f.rate_day, f.sales_order_date)`;

/** Billing's own rate counts if it is to, and leads to the line's functional currency. */
const TOLD = sql<boolean>`${FROM_BILLING} and f.told_rate is not null
        and coalesce(f.told_home, f.functional_currency) = f.functional_currency`;

/** Each line with the rate it takes, as it was told: multiplied by, or divided by where `inverse`. */
function withRates(lines: Sql, { told, pinned }: RateSource): Sql {
  const functional = (ways: Ways): Sql => sql`case
        when f.mapped_rate is not null then ${ways.mapped}
        when ${SAME} then ${ways.same}
        ${pinned ? sql`when p.func_ex_rate is not null then ${ways.pinned}` : sql``}
        ${told === null ? sql`` : sql`when ${TOLD} then ${ways.told}`}
        else ${ways.looked} end`;
  const reporting = (ways: Pick<Ways, 'same' | 'pinned' | 'looked'>): Sql => sql`case
        when f.functional_currency = ${REPORTING} then ${ways.same}
        ${pinned ? sql`when p.global_ex_rate is not null and p.reporting_currency = ${REPORTING} then ${ways.pinned}` : sql``}
        else ${ways.looked} end`;
  return sql`
      select f.*,
        ${listed([
          sql`${WANTED_DAY} as wanted_day`,
          sql`${functional({ mapped: sql`f.mapped_rate`, same: ONE, pinned: sql`coalesce(p.inverse_func_ex_rate, p.func_ex_rate)`, told: sql`f.told_rate`, looked: sql`d.rate` })} as rate`,
          sql`${functional({ mapped: NO, same: NO, pinned: sql`p.inverse_func_ex_rate is not null`, told: sql`f.told_divides`, looked: sql`d.inverse` })} as inverse`,
          sql`${functional({ mapped: NO_DAY, same: NO_DAY, pinned: sql`p.func_ex_rate_date`, told: sql`f.told_day`, looked: sql`d.told_for` })} as func_ex_rate_date`,
          sql`${functional({ mapped: sql.lit(MAPPED_RATE), same: SAME_CURRENCY, pinned: sql`p.func_ex_rate_source`, told: sql.lit(told?.name ?? ''), looked: sql`d.source` })} as func_ex_rate_source`,
          sql`${REPORTING} as reporting_currency`,
          sql`${reporting({ same: ONE, pinned: sql`coalesce(p.inverse_global_ex_rate, p.global_ex_rate)`, looked: sql`g.rate` })} as global_rate`,
          sql`${reporting({ same: NO, pinned: sql`p.inverse_global_ex_rate is not null`, looked: sql`g.inverse` })} as global_inverse`,
          sql`${reporting({ same: NO_DAY, pinned: sql`p.global_ex_rate_date`, looked: sql`g.told_for` })} as global_ex_rate_date`,
          sql`${reporting({ same: SAME_CURRENCY, pinned: sql`p.global_ex_rate_source`, looked: sql`g.source` })} as global_ex_rate_source`,
        ])}
      from (${lines}
      ) as f
      ${lookedUp({ alias: 'd', from: sql`f.transaction_currency`, to: sql`f.functional_currency` })}
      ${lookedUp({ alias: 'g', from: sql`f.functional_currency`, to: REPORTING })}
      ${pinned ? BOOKED_BY : sql``}
      offset 0`;
}

/** What a column holds, by where the rate comes from. */
type Ways = Readonly<Record<'mapped' | 'same' | 'pinned' | 'told' | 'looked', Sql>>;

const ONE = sql`1`;
const NO = sql`false`;
const NO_DAY = sql`null::date`;
const SAME_CURRENCY = sql`'same currency'`;

/** The rate of the day, or the last one there is. */
const lookedUp = ({ alias, from, to }: { alias: string; from: Sql; to: Sql }): Sql => {
  const last = sql.id(`${alias}_last`);
  const rate = sql.id(alias);
  return sql`left join rate_last as ${last} on ${last}.from_currency = ${from} and ${last}.to_currency = ${to}
      left join rate_day as ${rate} on ${rate}.from_currency = ${from} and ${rate}.to_currency = ${to}
        and ${rate}.day = least(${WANTED_DAY}, ${last}.day)`;
};

/** The line that the SO line is booked at, where it stands in the same currencies since the same day. */
const BOOKED_BY = sql`left join revenue.booking as b on b.org = f.org and b.so_line_id = f.so_line_id
      left join staging.line as p on p.entity = b.entity and p.id = b.line
        and p.transaction_currency = f.transaction_currency and p.functional_currency = f.functional_currency
        and p.sales_order_date = f.sales_order_date`;

/** Decimals of a rate that was told the other way round. */
const RATE_DECIMALS = 18;
/** So many decimals has a quotient before it is rounded to the minor unit. */
const EXACT = sql`1.000000000000000000000000000000`;

const multiplied = (rate: Sql, inverse: Sql): Sql =>
  sql`case when ${inverse} then round(${EXACT} / nullif(${rate}, 0), ${sql.lit(RATE_DECIMALS)}) else ${rate} end`;

const times = (rate: Sql, inverse: Sql): Sql => sql`(case when ${inverse} then 1 else ${rate} end)`;
const over = (rate: Sql, inverse: Sql): Sql => sql`(case when ${inverse} then nullif(${rate}, 0) else 1 end)`;

/** An amount, its currencies and the rates between them, as expressions. */
interface Priced {
  readonly amount: Sql;
  readonly transaction: Sql;
  readonly functional: Sql;
  readonly reporting: Sql;
  readonly rate: Sql;
  readonly inverse: Sql;
  readonly global: Sql;
  readonly turned: Sql;
}

/** What an amount is worth in the other two currencies; null without a rate. */
function worth(of: Priced): Readonly<Record<'functional' | 'reporting', Sql>> {
  const { amount, rate, inverse, global, turned } = of;
  const functional = sql`case when ${of.transaction} = ${of.functional} then ${amount}
        else round(${amount} * ${EXACT} * ${times(rate, inverse)} / ${over(rate, inverse)}, ${decimalsOf(of.functional)}) end`;
  const reporting = sql`case when ${of.functional} = ${of.reporting} then ${functional}
        else round(${amount} * ${EXACT} * ${times(rate, inverse)} * ${times(global, turned)}
          / (${over(rate, inverse)} * ${over(global, turned)}), ${decimalsOf(of.reporting)}) end`;
  return { functional, reporting };
}

/** What an amount in the currency of a staged line, by its alias, is worth at the rates of that line. */
export const worthAtRatesOf = (line: string, amount: Sql): ReturnType<typeof worth> =>
  worth({
    amount,
    transaction: sql.id(line, 'transaction_currency'),
    functional: sql.id(line, 'functional_currency'),
    reporting: sql.id(line, 'reporting_currency'),
    rate: sql`coalesce(${sql.id(line, 'inverse_func_ex_rate')}, ${sql.id(line, 'func_ex_rate')})`,
    inverse: sql`${sql.id(line, 'inverse_func_ex_rate')} is not null`,
    global: sql`coalesce(${sql.id(line, 'inverse_global_ex_rate')}, ${sql.id(line, 'global_ex_rate')})`,
    turned: sql`${sql.id(line, 'inverse_global_ex_rate')} is not null`,
  });

function amounts(): readonly Sql[] {
  const { functional, reporting } = worth({
    amount: sql`r.ext_sell_price`,
    transaction: sql`r.transaction_currency`,
    functional: sql`r.functional_currency`,
    reporting: sql`r.reporting_currency`,
    rate: sql`r.rate`,
    inverse: sql`r.inverse`,
    global: sql`r.global_rate`,
    turned: sql`r.global_inverse`,
  });
  return [
    sql`${multiplied(sql`r.rate`, sql`r.inverse`)} as func_ex_rate`,
    sql`case when r.inverse then r.rate end as inverse_func_ex_rate`,
    sql`${functional} as functional_ext_sell_price`,
    sql`${multiplied(sql`r.global_rate`, sql`r.global_inverse`)} as global_ex_rate`,
    sql`case when r.global_inverse then r.global_rate end as inverse_global_ex_rate`,
    sql`${reporting} as reporting_ext_sell_price`,
  ];
}

/** What holds a line that there is no rate for; `f` is converted. */
export const MISSING_RATES: readonly Sql<string | null>[] = [
  sql<
    string | null
  >`case when f.transaction_currency <> f.functional_currency and f.func_ex_rate is null and f.wanted_day is not null
      then ${sql.lit(NO_RATE)} || f.transaction_currency || ' to ' || f.functional_currency || ' on ' || f.wanted_day end`,
  sql<
    string | null
  >`case when f.functional_currency <> f.reporting_currency and f.global_ex_rate is null and f.wanted_day is not null
      then ${sql.lit(NO_RATE)} || f.functional_currency || ' to ' || f.reporting_currency || ' on ' || f.wanted_day end`,
];

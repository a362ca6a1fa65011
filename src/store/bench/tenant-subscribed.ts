import { type RawBuilder, sql } from 'kysely';

import type { Filling, TenantSize } from './fill-prestaging.ts';
import { PRODUCT_CHARGES } from './tenant-catalog.ts';
import { formerIdOf, idOf } from './tenant-ids.ts';

const n = sql`n`;

/** The subscription that the nth charge belongs to. */
export const subscriptionOf = (charge: RawBuilder<unknown>, size: TenantSize): RawBuilder<unknown> =>
  sql`(1 + (${charge} - 1) * ${sql.lit(size.subscriptions)}::bigint / ${sql.lit(size.charges)})`;

/** The account that the nth subscription belongs to. */
export const accountOf = (subscription: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`((${subscription} + 1) / 2)`;

/** One charge in 25 is a percentage discount on the charge before it. */
export const isDiscount = (charge: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql<boolean>`(${charge} % 25 = 0)`;

/** One account in 10 is billed in euros. */
export const isEuro = (account: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql<boolean>`(${account} % 10 = 0)`;

/** One subscription in 9 was amended; half of these were renewed. */
const AMENDED = sql`n % 9 = 0`;
const RENEWED = sql`n % 18 = 0`;

/** Accounts, and what they subscribed to: two versions of what was amended. */
export const subscribed = (size: TenantSize): Filling[] => [
  {
    table: 'prestaging.account',
    columns: ['account_number', 'name', 'currency', 'status', 'batch', 'created_by_id'],
    rows: sql`select ${idOf('account', n)}, 'A' || lpad(n::text, 8, '0'), 'Customer number ' || n || ' Inc.',
        case when ${isEuro(n)} then 'EUR' else 'USD' end, 'Active', 'Batch1', ${idOf('account', sql`1`)}
      from generate_series(1, ${sql.lit(size.accounts)}) as n`,
  },
  {
    table: 'prestaging.exchange_rate',
    columns: ['from_currency', 'to_currency', 'rate', 'rate_date'],
    rows: sql`select 'rate' || n, 'EUR', 'USD', 1.05 + n % 7 * 0.01, date '2022-12-31' + n
      from generate_series(1, 730) as n`,
  },
  subscriptions(size, 'newest'),
  subscriptions(size, 'former'),
  ratePlans(size, 'newest'),
  ratePlans(size, 'former'),
  charges(size, 'newest'),
  charges(size, 'former'),
  prices(size, 'newest'),
  prices(size, 'former'),
  {
    table: 'prestaging.discount_contractual_values',
    columns: ['discount_rate_plan_charge_id', 'rate_plan_charge_id', 'amount', 'currency'],
    rows: sql`select 'dcv' || n, ${idOf('charge', n)}, ${idOf('charge', sql`n - 1`)}, 120.00, 'USD'
      from generate_series(1, ${sql.lit(size.charges)}) as n where ${isDiscount(n)}`,
  },
];

type Version = 'newest' | 'former';

function subscriptions(size: TenantSize, version: Version): Filling {
  const former = version === 'former';
  const previous = sql`case when ${AMENDED} then ${formerIdOf('subscription', n)} end`;
  return {
    table: 'prestaging.subscription',
    columns: [
      'name version status account_id invoice_owner_id previous_subscription_id term_type',
      'subscription_start_date subscription_end_date term_start_date term_end_date',
    ],
    rows: sql`select ${former ? formerIdOf('subscription', n) : idOf('subscription', n)},
        'A-S' || lpad(n::text, 8, '0'), ${former ? sql`1` : sql`case when ${AMENDED} then 2 else 1 end`},
        ${sql.lit(former ? 'Expired' : 'Active')}, ${idOf('account', accountOf(n))}, ${idOf('account', accountOf(n))},
        ${former ? sql`null` : previous}, case when n % 20 = 7 then 'EVERGREEN' else 'TERMED' end,
        date '2024-01-01', date '2025-01-01',
        ${former ? sql`date '2024-01-01'` : sql`case when ${RENEWED} then date '2025-01-01' else date '2024-01-01' end`},
        ${former ? sql`date '2025-01-01'` : sql`case when ${RENEWED} then date '2026-01-01' else date '2025-01-01' end`}
      from generate_series(1, ${sql.lit(size.subscriptions)}) as n where ${former ? AMENDED : sql`true`}`,
  };
}

function ratePlans(size: TenantSize, version: Version): Filling {
  const of = version === 'former' ? formerIdOf : idOf;
  return {
    table: 'prestaging.rate_plan',
    columns: ['name', 'subscription_id', 'product_rate_plan_id', 'amendment_type'],
    rows: sql`select ${of('ratePlan', n)}, 'Rate plan ' || n % 200, ${of('subscription', n)},
        ${idOf('plan', sql`1 + n % ${sql.lit(PRODUCT_CHARGES / 3)}`)}, 'NewProduct'
      from generate_series(1, ${sql.lit(size.subscriptions)}) as n where ${version === 'former' ? AMENDED : sql`true`}`,
  };
}

function charges(size: TenantSize, version: Version): Filling {
  const of = version === 'former' ? formerIdOf : idOf;
  const amended = sql`s % 9 = 0`;
  // Half of the charges of a renewal begin with it.
  const start =
    version === 'former'
      ? sql`date '2024-01-01'`
      : sql`case when s % 18 = 0 and n % 2 = 0 then date '2025-01-01' else date '2024-01-01' end`;
  return {
    table: 'prestaging.rate_plan_charge',
    columns: [
      'original_id charge_number name version segment is_last_segment charge_model charge_type',
      'trigger_event quantity tcv mrr uom billing_period effective_start_date effective_end_date',
      'original_order_date account_id subscription_id rate_plan_id product_rate_plan_charge_id',
      'exclude_item_billing_from_revenue_accounting',
    ],
    rows: sql`select ${of('charge', n)}, ${idOf('charge', n)}, 'C-' || lpad(n::text, 8, '0'), 'Charge number ' || n % 600,
        ${version === 'former' ? sql`1` : sql`case when ${amended} then 2 else 1 end`}, 1, true,
        case when ${isDiscount(n)} then 'Discount-Percentage' when n % 3 = 0 then 'Flat Fee Pricing' else 'Per Unit Pricing' end,
        case when n % 10 = 3 then 'Usage' when n % 10 = 7 then 'OneTime' else 'Recurring' end, 'ContractEffective',
        case when ${isDiscount(n)} or n % 3 = 0 then null else 1 + n % 20 end, 1200.00, 100.00, 'Each', 'Month',
        ${start}, ${start} + 366, date '2024-01-02', ${idOf('account', accountOf(sql`s`))},
        ${of('subscription', sql`s`)}, ${of('ratePlan', sql`s`)},
        ${idOf('productCharge', sql`1 + n % ${sql.lit(PRODUCT_CHARGES)}`)}, n % 500 = 1
      from generate_series(1, ${sql.lit(size.charges)}) as n, lateral (select ${subscriptionOf(n, size)} as s) as t
      where ${version === 'former' ? amended : sql`true`}`,
  };
}

function prices(size: TenantSize, version: Version): Filling {
  const of = version === 'former' ? formerIdOf : idOf;
  return {
    table: 'prestaging.charge_contractual_value_all_charges',
    columns: ['rate_plan_charge_id', 'amount', 'elp', 'currency'],
    rows: sql`select ${of('charge', n)}, ${of('charge', n)}, case when not ${isDiscount(n)} then 1200.00 + n % 100 end,
        1500.00 + n % 100, 'USD'
      from generate_series(1, ${sql.lit(size.charges)}) as n
      where ${version === 'former' ? sql`${subscriptionOf(n, size)} % 9 = 0` : sql`true`}`,
  };
}

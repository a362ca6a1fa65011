import { sql } from 'kysely';

import type { Filling, TenantSize } from './fill-prestaging.ts';
import { CODE_COLUMNS, codesFor, PRODUCT_CHARGES } from './tenant-catalog.ts';
import { idOf } from './tenant-ids.ts';
import { accountOf, isDiscount, isEuro, subscriptionOf } from './tenant-subscribed.ts';

const MONTHS = 4;

const n = sql`n`;

/** Four months of bill runs: an invoice for every account, an item for every charge. */
export const billed = (size: TenantSize): Filling[] => [invoices(size), items(size)];

/** One account in 100 has the last month as a draft. */
const invoices = ({ accounts }: TenantSize): Filling => ({
  table: 'prestaging.invoice',
  columns: ['invoice_number', 'invoice_date', 'status', 'account_id', 'amount', 'source', 'created_by_id'],
  rows: sql`select ${idOf('invoice', n)}, 'INV' || lpad(n::text, 8, '0'),
      (date '2024-01-10' + ((n - 1) / ${sql.lit(accounts)}) * interval '1 month')::date,
      case when n > ${sql.lit(accounts * (MONTHS - 1))} and n % 100 = 99 then 'Draft' else 'Posted' end,
      ${idOf('account', sql`1 + (n - 1) % ${sql.lit(accounts)}`)}, 500.00, 'BillRun', ${idOf('account', sql`1`)}
    from generate_series(1, ${sql.lit(accounts * MONTHS)}) as n`,
});

/** Billing converted every item on the day of its invoice. One item in 200 was billed without a charge, one in 1,000 lacks its service start. */
const items = (size: TenantSize): Filling => ({
  table: 'prestaging.invoice_item',
  columns: [
    'invoice_id account_id subscription_id rate_plan_charge_id product_rate_plan_charge_id',
    'applied_to_invoice_item_id charge_amount charge_name quantity unit_price uom sku',
    'processing_type service_start_date service_end_date charge_date tax_amount created_by_id',
    'exchange_rate exchange_rate_date home_currency',
    ...CODE_COLUMNS,
  ],
  rows: sql`select ${idOf('item', n)}, ${idOf('invoice', sql`month * ${sql.lit(size.accounts)} + account`)},
      ${idOf('account', sql`account`)}, case when charged then ${idOf('subscription', sql`s`)} end,
      case when charged then ${idOf('charge', sql`c`)} end,
      case when charged then ${idOf('productCharge', sql`1 + c % ${sql.lit(PRODUCT_CHARGES)}`)} end,
      case when charged and discount then ${idOf('item', sql`n - 1`)} end,
      case when charged and discount then -10.00 else 100.00 + n % 50 end, 'Charge number ' || c % 600, 1 + n % 20, 10.00,
      'Each', 'SKU-' || c % 100, case when charged and discount then '1' else '0' end,
      case when n % 1000 <> 500 then start end, (start + interval '1 month')::date, start::timestamptz, 0,
      ${idOf('account', sql`1`)}, case when ${isEuro(sql`account`)} then 1.08 else 1 end, start + 9, 'USD',
      ${sql.join(CODE_COLUMNS.map((column) => sql`case when not charged then ${sql.ref(column)} end`))}
    from generate_series(1, ${sql.lit(size.items)}) as n,
      lateral (select 1 + (n - 1) % ${sql.lit(size.charges)} as c, (n - 1) / ${sql.lit(size.charges)} as month,
        n % 200 <> 0 as charged) as t,
      lateral (select ${subscriptionOf(sql`c`, size)} as s, ${isDiscount(sql`c`)} as discount,
        (date '2024-01-01' + month * interval '1 month')::date as start) as u,
      lateral (select ${accountOf(sql`s`)} as account) as v,
      lateral (select ${codesFor(n)}) as codes (${sql.join(CODE_COLUMNS.map((column) => sql.ref(column)))})`,
});

import { sql } from 'kysely';

import type { Filling } from './fill-prestaging.ts';
import { idOf } from './tenant-ids.ts';

export const PRODUCT_CHARGES = 600;
const CODES = 40;

const n = sql`n`;

/** The accounting codes of a product charge, as its columns name them. */
export const CODE_COLUMNS = [
  'account_receivable_accounting_code_id',
  'contract_liability_accounting_code_id',
  'contract_recognized_revenue_accounting_code_id',
  'adjustment_liability_accounting_code_id',
  'adjustment_revenue_accounting_code_id',
  'unbilled_receivables_accounting_code_id',
  'contract_asset_accounting_code_id',
  'deferred_revenue_accounting_code_id',
  'recognized_revenue_accounting_code_id',
] as const;

/** One accounting code of each kind for the nth row. */
export const codesFor = (nth: ReturnType<typeof sql>) =>
  sql.join(
    CODE_COLUMNS.map((_, kind) => idOf('code', sql`1 + (${nth} + ${sql.lit(kind)}) % ${sql.lit(CODES)}`)),
  );

/** Products, their rate plans and charges, and the chart of accounts: small, whatever the tenant's size. */
export const productCatalog = (): Filling[] => [
  {
    table: 'prestaging.accounting_code',
    columns: ['name', 'type', 'status'],
    rows: sql`select ${idOf('code', n)}, 'Account ' || n, 'ContractLiability', 'Active'
      from generate_series(1, ${sql.lit(CODES)}) as n`,
  },
  {
    table: 'prestaging.product',
    columns: ['name', 'sku'],
    rows: sql`select ${idOf('product', n)}, 'Product ' || n, 'SKU-' || n
      from generate_series(1, ${sql.lit(PRODUCT_CHARGES / 6)}) as n`,
  },
  {
    table: 'prestaging.product_rate_plan',
    columns: ['name', 'product_id'],
    rows: sql`select ${idOf('plan', n)}, 'Plan ' || n, ${idOf('product', sql`(n + 1) / 2`)}
      from generate_series(1, ${sql.lit(PRODUCT_CHARGES / 3)}) as n`,
  },
  {
    table: 'prestaging.product_rate_plan_charge',
    columns: ['name', 'product_rate_plan_id', 'charge_model', 'charge_type', ...CODE_COLUMNS],
    rows: sql`select ${idOf('productCharge', n)}, 'Charge ' || n, ${idOf('plan', sql`(n + 2) / 3`)},
        'Per Unit Pricing', 'Recurring', ${codesFor(n)}
      from generate_series(1, ${sql.lit(PRODUCT_CHARGES)}) as n`,
  },
];

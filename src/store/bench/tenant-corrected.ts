import { type RawBuilder, sql } from 'kysely';

import type { Filling, TenantSize } from './fill-prestaging.ts';
import { idOf } from './tenant-ids.ts';

const n = sql`n`;

/**
 * One item in 20 is credited, debited and adjusted, by the same amount. A real tenant has either memos or adjustments;
 * here either can be formed.
 */
export const corrected = (size: TenantSize): Filling[] => [
  ...memos(size, 'credit'),
  ...memos(size, 'debit'),
  {
    table: 'prestaging.invoice_item_adjustment',
    columns: [
      'adjustment_number adjustment_date amount type status source_type source_id invoice_item_id',
      'invoice_id account_id service_start_date service_end_date',
    ],
    rows: sql`select ${idOf('adjustment', n)}, 'IIA-' || n, date '2024-05-01', 5.00,
        case when n % 3 = 0 then 'Charge' else 'Credit' end, 'Processed', 'InvoiceDetail', item.id, item.id,
        item.invoice_id, item.account_id, item.service_start_date, item.service_end_date
      from ${correctedItems(size)}`,
  },
];

const memos = (size: TenantSize, kind: 'credit' | 'debit'): Filling[] => [
  {
    table: `prestaging.${kind}_memo`,
    columns: ['memo_number memo_date status source source_type account_id invoice_id referred_invoice_id'],
    rows: sql`select ${idOf(kind, n)}, ${sql.lit(kind === 'credit' ? 'CM' : 'DM')} || lpad(n::text, 8, '0'),
        date '2024-05-01', 'Posted', 'AdhocFromInvoice', 'Invoice', item.account_id, item.invoice_id, item.invoice_id
      from ${correctedItems(size)}`,
  },
  {
    table: `prestaging.${kind}_memo_item`,
    columns: [
      `${kind}_memo_id amount amount_without_tax tax_amount quantity processing_type invoice_item_id invoice_id`,
      'account_id subscription_id rate_plan_charge_id product_rate_plan_charge_id service_start_date service_end_date',
    ],
    rows: sql`select ${idOf(`${kind}Item`, n)}, ${idOf(kind, n)}, 5.00, 5.00, 0, 1, '0', item.id,
        item.invoice_id, item.account_id, item.subscription_id, item.rate_plan_charge_id,
        item.product_rate_plan_charge_id, item.service_start_date, item.service_end_date
      from ${correctedItems(size)}`,
  },
];

const correctedItems = ({ items }: TenantSize): RawBuilder<unknown> =>
  sql`generate_series(7, ${sql.lit(items)}, 20) as n join prestaging.invoice_item as item on item.id = ${idOf('item', n)}`;

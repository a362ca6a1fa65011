import { sql } from 'kysely';

import { INVOICE_ITEM_ROUTES } from '../../domain/mapping/routes.ts';
import { chargeSegment, isPercentageDiscount, orderedQuantity } from './charge.ts';
import type { Derivation } from './derivation.ts';
import { missing } from './missing.ts';
import { renewalsJoin, termNumber } from './term-number.ts';

const CHARGE = 'RatePlanCharge';

/** Billings by invoice: INV lines from items of posted invoices (domain.md 3.1, 3.2, 3.5). */
export const INVOICE_BILLING: Derivation = {
  routes: INVOICE_ITEM_ROUTES,
  paths: INVOICE_ITEM_ROUTES.routes.map(({ path }) => path),
  joins: [renewalsJoin('Subscription')],
  fields: (mapped) => ({
    // The item of a percentage discount belongs to the line of the charge it was applied to.
    so_line_id: sql`case when ${isPercentageDiscount(CHARGE)} and "AppliedToCharge".id is not null
      then ${chargeSegment('AppliedToCharge')} || '.' || ${chargeSegment(CHARGE)}
      else ${chargeSegment(CHARGE)} end`,
    so_number: sql`"RatePlanCharge".charge_number`,
    invoice_line_id: sql`"InvoiceItem".id`,
    sequence_number: sql`"RatePlanCharge".version || '.' || "Subscription".version || '.' ||
      to_char(coalesce("InvoiceItem".updated_date, "InvoiceItem".created_date) at time zone 'UTC', 'YYYYMMDDHH24MISS')`,
    term_number: termNumber(
      'Subscription',
      sql`coalesce("AppliedToCharge".effective_start_date, "RatePlanCharge".effective_start_date)`,
    ),
    ordered_qty: orderedQuantity(CHARGE),
    ext_list_price: mapped('ext_sell_price'),
    duration: sql`staging.months(${mapped('revenue_start_date')}, ${mapped('revenue_end_date')})`,
  }),
  exclusions: [
    ['deleted', sql`"InvoiceItem".deleted`],
    ['not-posted', sql`"Invoice".status <> 'Posted'`],
    ['tax', sql`lower("InvoiceItem".processing_type) in ('3', 'tax')`],
    ['exclusion-flag', sql`"InvoiceItem".exclude_item_billing_from_revenue_accounting`],
    ['exclusion-flag', sql`"RatePlanCharge".exclude_item_billing_from_revenue_accounting`],
    ['exclusion-flag', sql`"ProductRatePlanCharge".exclude_item_billing_from_revenue_accounting`],
  ],
  gates: [
    { object: 'Invoice', field: 'InvoiceId' },
    { object: 'RatePlanCharge', field: 'RatePlanChargeId' },
    { object: 'ProductRatePlanCharge', field: 'ProductRatePlanChargeId' },
  ],
  orphans: [],
  part: sql<string | null>`null::text`,
  twinsBy: null,
  lineType: sql<string>`'INV'`,
  lineId: sql<string>`'INV:' || f.source_id`,
  missing: [
    missing('business-unit', 'business_unit'),
    missing('company-code', 'company_code'),
    missing('invoice-line-id', 'invoice_line_id'),
    missing('invoice-date', 'invoice_date'),
    missing('revenue-start-date', 'revenue_start_date'),
    missing('ext-sell-price', 'ext_sell_price'),
    // An item without a charge is a standalone transaction; it needs a booking made for it.
    missing('reference', 'so_line_id'),
    sql<
      string | null
    >`case when f.so_line_id is not null and f.sales_order_date is null then 'missing-sales-order-date' end`,
    sql<
      string | null
    >`case when f.so_line_id is not null and f.ordered_qty is null then 'missing-ordered-qty' end`,
  ],
};

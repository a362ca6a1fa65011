import { type RawBuilder, sql } from 'kysely';

import { billingPeriod } from './billing-period.ts';
import { isFixedDiscount } from './charge.ts';
import { notFlagged } from './charges.ts';
import { fromCreditedItems, isCreditedByBillRun } from './credited-items.ts';
import { invoicedItemsThat } from './invoiced-items.ts';
import { defineLimitation, type Footprint, type Hit } from './limitation.ts';
import { foundBy } from './lines.ts';
import { joined, rowsOf } from './rows.ts';

const id = 'fixed-discount-proration';

interface Billed {
  readonly item: 'InvoiceItem' | 'CreditMemoItem';
  /** Signed as lines are. */
  readonly amount: RawBuilder<unknown>;
}

const INVOICED: Billed = { item: 'InvoiceItem', amount: sql`"InvoiceItem".charge_amount` };
const CREDITED: Billed = { item: 'CreditMemoItem', amount: sql`(-"CreditMemoItem".amount_without_tax)` };

const booked = sql`-"Tier".amount`;

/** The service period is shorter than a billing period. A whole one never is, on whichever day of a month it starts. */
const isPart = ({ item }: Billed): RawBuilder<boolean> =>
  sql<boolean>`${sql.id(item, 'service_end_date')} < ${sql.id(item, 'service_start_date')}
      + ${billingPeriod('RatePlanCharge', 'ProductRatePlanCharge', 'Subscription')}`;

const prorated = (billed: Billed): RawBuilder<string | null> => sql<string | null>`case
      when abs(${billed.amount}) <> "Tier".amount and ${isPart(billed)} and ${notFlagged}
      then concat('billed ', trim_scale(${billed.amount}), ' from ', ${sql.id(billed.item, 'service_start_date')},
        ' to ', ${sql.id(billed.item, 'service_end_date')}, ', booked ', trim_scale(${booked})) end`;

/** What gives a discount back for the rest of a period is positive, and all of it is off. */
const off = ({ amount }: Billed): RawBuilder<unknown> =>
  sql`case when ${amount} > 0 then -${amount} else ${booked} - ${amount} end`;

/** The amount that the discount is booked with, as bookings take it, and its subscription. */
const besideDiscount = (entity: string): RawBuilder<unknown> => sql`
    join (
      select distinct on (rate_plan_charge_id) rate_plan_charge_id, abs(discount_amount) as amount
      from ${rowsOf('RatePlanChargeTier')}
      where entity = ${entity} and discount_amount is not null and not deleted
      order by rate_plan_charge_id, tier, id
    ) as "Tier" on "Tier".rate_plan_charge_id = "RatePlanCharge".id
    ${joined('Subscription', sql`"RatePlanCharge".subscription_id`)}`;

const invoiced = invoicedItemsThat({
  charge: isFixedDiscount('RatePlanCharge'),
  joins: besideDiscount,
  objects: ['RatePlanChargeTier', 'Subscription'],
  wrong: prorated(INVOICED),
  amount: off(INVOICED),
});

/** Items of the memos that a bill run posted, where Invoice Settlement lets it bill less than nothing by memo. */
const credited = (entity: string): RawBuilder<Hit> => sql<Hit>`
    select 'CreditMemoItem' as object, "CreditMemoItem".id, ${off(CREDITED)} as amount, "Account".currency,
      ${prorated(CREDITED)} as detail
    ${fromCreditedItems(entity, isFixedDiscount('RatePlanCharge'))}
    ${besideDiscount(entity)}
    where ${isCreditedByBillRun(entity)} and ${prorated(CREDITED)} is not null`;

const inBilling: Footprint = {
  objects: [...invoiced.objects, 'CreditMemo', 'CreditMemoItem'],
  hits: (entity) => sql<Hit>`${invoiced.hits(entity)} union all ${credited(entity)}`,
};

const remedy =
  'Correct the difference by a manual entry. In Billing, exclude the booking of the discount by its flag, so that its revenue follows what is billed, or let the discount begin and end with billing periods.';

/** A discount of a fixed amount over a part of a billing period: it is billed in part, and booked whole. */
export const fixedDiscountProration = defineLimitation({
  id,
  heading: 'Discount charges',
  point: 3,
  scope: 'line',
  outcome: 'warn',
  checkedAt: ['staging'],
  // Only a discount that is booked can differ from its booking.
  implies: ['fixed-discount-booking-based'],
  does: 'Reports every item of an invoice or of a bill run’s credit memo that bills another amount than the discount’s tier for a part of a billing period, with the difference. The booking, which has the amount of the tier, is stopped until a flag excludes it (fixed-discount-booking-based).',
  remedy,
  before:
    'Exclude the bookings of fixed-amount discounts by their flags, or let these discounts begin and end with billing periods.',
  inBilling,
  inStaging: foundBy(id),
  finding: {
    message: '{source} bills a fixed-amount discount for a part of a billing period: {detail}.',
    remedy,
  },
});

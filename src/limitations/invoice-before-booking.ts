import { sql } from 'kysely';

import { invoicedItemsThat } from './invoiced-items.ts';
import { defineLimitation } from './limitation.ts';
import { linesFrom } from './lines.ts';

const early = sql<boolean>`"Invoice".invoice_date < "RatePlanCharge".original_order_date`;

const inBilling = invoicedItemsThat({
  charge: sql<boolean>`"RatePlanCharge".original_order_date is not null`,
  wrong: sql<string | null>`case when ${early}
      then concat('invoiced on ', "Invoice".invoice_date, ', booked on ', "RatePlanCharge".original_order_date) end`,
  amount: sql`"InvoiceItem".charge_amount`,
});

/** What was invoiced before it was booked: Data Collection takes bookings first, so it waits for its own. */
export const invoiceBeforeBooking = defineLimitation({
  id: 'invoice-before-booking',
  heading: 'Invoice date earlier than booking date',
  scope: 'line',
  outcome: 'wait',
  checkedAt: ['collection'],
  does: 'Collects the invoice after its booking: until that is due, it waits (`waits-for-booking`), and then it goes on by itself.',
  remedy:
    'Nothing, if the booking date is right: both are collected once the period of the booking date is open. Else correct the date of the order in Billing.',
  before:
    'See that orders are entered with the date on which they were booked, before their first invoice is dated.',
  inBilling,
  inStaging: linesFrom(inBilling),
});

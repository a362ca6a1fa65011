import { type RawBuilder, sql } from 'kysely';

import { isUsage } from './charge.ts';
import { fromCharges, isNewest, isOwn, notFlagged } from './charges.ts';
import { fromInvoicedItems, INVOICED, isInvoiced } from './invoiced-items.ts';
import { defineLimitation, type Footprint, type Hit } from './limitation.ts';
import { linesFrom } from './lines.ts';

/** A charge in all versions of its subscription: invoices name the version that was billed. */
const original = sql`coalesce("RatePlanCharge".original_id, "RatePlanCharge".id)`;

const billed = (entity: string): RawBuilder<unknown> => sql`
    select ${original} as charge, "RatePlanCharge".segment, sum("InvoiceItem".charge_amount) as amount
    ${fromInvoicedItems(entity, isUsage('RatePlanCharge'))}
    where ${isInvoiced(entity)}
    group by 1, 2`;

const inBilling: Footprint = {
  objects: [...INVOICED, 'Subscription'],
  hits: (entity) => sql<Hit>`
    select 'RatePlanCharge' as object, "RatePlanCharge".id, coalesce(billed.amount, 0) as amount, "Account".currency,
      concat('its charge "', "RatePlanCharge".name, '" is usage') as detail
    ${fromCharges(entity)}
    left join (${billed(entity)}) as billed on billed.charge = ${original} and billed.segment = "RatePlanCharge".segment
    where ${isOwn(entity)} and ${isUsage('RatePlanCharge')} and ${isNewest}
      and ${notFlagged}`,
};

/** Usage is not known before it is billed: it is booked at 0, and its invoices lift the booking. */
export const usageBookingBased = defineLimitation({
  id: 'usage-booking-based',
  heading: 'Usage charges',
  point: 1,
  scope: 'line',
  outcome: 'derive',
  checkedAt: ['staging'],
  does: 'Books usage at 0, whatever its contractual value is; every invoice lifts the booking by what it bills.',
  remedy:
    'Recognize the revenue of usage by its invoices: an obligation template that is released upon billing, as `As Billed` is by default.',
  before:
    'Nothing in Billing. Where revenue is to be recognized by a committed amount, sell that as a recurring or one-time charge.',
  inBilling,
  inStaging: linesFrom(inBilling),
});

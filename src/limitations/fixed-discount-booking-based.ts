import { sql } from 'kysely';

import { isFixedDiscount } from './charge.ts';
import { chargesThat, notFlagged } from './charges.ts';
import { defineLimitation } from './limitation.ts';
import { heldBy } from './lines.ts';

const id = 'fixed-discount-booking-based';

const wrong = sql<string | null>`case when ${isFixedDiscount('RatePlanCharge')} and ${notFlagged}
      then concat('its discount "', "RatePlanCharge".name, '" is a fixed amount, and its booking is not excluded') end`;

const remedy =
  'Set the flag ExcludeItemBookingFromRevenueAccounting of the product charge or the charge in Billing; its billings count either way.';

/** Discounts of a fixed amount, whose revenue may only follow what is billed. */
export const fixedDiscountBookingBased = defineLimitation({
  id,
  heading: 'Discount charges',
  point: 2,
  scope: 'line',
  outcome: 'stop',
  checkedAt: ['staging'],
  does: 'Stops the booking of the discount until a flag excludes it. Its billings flow: an SO line is made for each.',
  remedy,
  before: 'Set the flag ExcludeItemBookingFromRevenueAccounting of every product charge of that model.',
  inBilling: chargesThat({ wrong }),
  inStaging: heldBy(id),
  stop: {
    wrong,
    text: {
      message: '{source} cannot be booked: {detail}.',
      remedy: `${remedy} The line goes by itself with the sync after the flag was set.`,
    },
    instead: ['missing-ext-sell-price', 'waits-for-price'],
  },
});

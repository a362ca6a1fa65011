import { sql } from 'kysely';

import { isDiscount, spelled } from './charge.ts';
import { chargesThat } from './charges.ts';
import { defineLimitation } from './limitation.ts';
import { heldBy } from './lines.ts';

const id = 'account-level-discount';

/** As the charge says, which may be without; then as the product catalog does. */
const level = sql`coalesce(nullif("RatePlanCharge".discount_level, ''), "ProductRatePlanCharge".discount_level)`;

const wrong = sql<string | null>`case when ${isDiscount('RatePlanCharge')} and ${spelled(level)} = 'account'
      then concat('its discount "', "RatePlanCharge".name, '" applies to the whole account') end`;

const remedy =
  'In Billing, replace the discount by one that applies to the subscription or the rate plan; or exclude it from revenue accounting by its exclusion flags, and account for it outside.';

/** Discounts on whatever a customer is billed for, which no subscription has bookings of. */
export const accountLevelDiscount = defineLimitation({
  id,
  heading: 'Discount charges',
  point: 1,
  scope: 'line',
  outcome: 'stop',
  checkedAt: ['staging'],
  does: 'Stops the bookings of the discount; what is billed for it waits for them. Discounts of a subscription or a rate plan go on.',
  remedy,
  before:
    'Replace such discounts by others, or set their exclusion flags, and turn off the subscription setting "Enable account level discount" (enableAccountLevelDiscount).',
  inBilling: chargesThat({ wrong }),
  inStaging: heldBy(id),
  stop: {
    wrong,
    text: {
      message: '{source} cannot be booked: {detail}, and account-level discounts are not supported.',
      remedy: `${remedy} The line goes on by itself when the charge is changed.`,
    },
    instead: [],
  },
});

import { sql } from 'kysely';

import { chargesThat } from './charges.ts';
import { defineLimitation } from './limitation.ts';
import { heldBy } from './lines.ts';

const id = 'prepayment-charge';

const wrong = sql<
  string | null
>`case when coalesce("RatePlanCharge".is_prepaid, "ProductRatePlanCharge".is_prepaid)
      then concat('its charge "', "RatePlanCharge".name, '" is prepaid') end`;

const remedy =
  'Model the prepayment in Billing by a charge that is not prepaid, and exclude the prepaid charge from revenue accounting by its exclusion flags; or account for it outside.';

/** Charges of the Prepayment feature, which Billing keeps only for tenants that have it from before. */
export const prepaymentCharge = defineLimitation({
  id,
  heading: 'Prepayment charges',
  scope: 'line',
  outcome: 'stop',
  checkedAt: ['staging'],
  does: 'Stops the booking of the charge; what is billed for it waits for the booking.',
  remedy,
  before: 'Replace prepaid charges by others, or set their exclusion flags.',
  inBilling: chargesThat({ wrong, objects: ['ProductRatePlanCharge'] }),
  inStaging: heldBy(id),
  stop: {
    wrong,
    text: {
      message: '{source} cannot be booked: {detail}, and prepayment is not supported.',
      remedy: `${remedy} The line goes on by itself when the charge is changed.`,
    },
    instead: [],
  },
});

import { sql } from 'kysely';

import { spelled } from './charge.ts';
import { chargesThat } from './charges.ts';
import { defineLimitation } from './limitation.ts';
import { heldBy } from './lines.ts';

const id = 'overage-smoothing';

const model = spelled(sql`"RatePlanCharge".charge_model`);
const smoothing = sql`nullif(btrim(coalesce("RatePlanCharge".smoothing_model, "ProductRatePlanCharge".smoothing_model)), '')`;

/** A charge model of its own, or a smoothing model (rollover, rolling window) of one that knows overage. */
const wrong = sql<string | null>`case
      when ${model} like '%overagesmoothing%' then concat('its charge "', "RatePlanCharge".name, '" has the charge model ', "RatePlanCharge".charge_model)
      when ${model} like '%overage%' and ${smoothing} is not null
      then concat('its charge "', "RatePlanCharge".name, '" has the smoothing model ', ${smoothing}) end`;

const remedy =
  'Replace the charge in Billing by one with another usage model, such as overage without smoothing; or exclude it from revenue accounting by its exclusion flags, and account for it outside.';

/** Usage charges whose overage is smoothed over several periods. */
export const overageSmoothing = defineLimitation({
  id,
  heading: 'Usage charges',
  point: 2,
  scope: 'line',
  outcome: 'stop',
  checkedAt: ['staging'],
  // Overage is a model of usage alone.
  implies: ['usage-booking-based'],
  does: 'Stops the booking of the charge; what is billed for it waits for the booking.',
  remedy,
  before: 'Replace charges with overage smoothing by other usage models, or set their exclusion flags.',
  inBilling: chargesThat({ wrong }),
  inStaging: heldBy(id),
  stop: {
    wrong,
    text: {
      message: '{source} cannot be booked: {detail}, and overage smoothing is not supported.',
      remedy: `${remedy} The line goes on by itself when the charge is changed.`,
    },
    instead: [],
  },
});

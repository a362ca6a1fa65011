import { sql } from 'kysely';

import { spelled } from './charge.ts';
import { chargesThat } from './charges.ts';
import { defineLimitation } from './limitation.ts';
import { heldBy } from './lines.ts';

const id = 'undated-pending-charges';

/** How subscriptions stand that were not activated; what is drafted has no dates either. */
const PENDING = ['pendingactivation', 'pendingacceptance', 'draft'];

const wrong = sql<string | null>`case when "RatePlanCharge".effective_start_date is null
      and ${spelled(sql`"Subscription".status`)} in (${sql.join(PENDING.map((status) => sql.lit(status)))})
      then concat('its subscription ', "Subscription".name, ' is ', "Subscription".status) end`;

/** Charges that have no dates, because their subscription is not active yet. */
export const undatedPendingCharges = defineLimitation({
  id,
  heading: 'Charges with no dates',
  scope: 'line',
  outcome: 'stop',
  checkedAt: ['staging'],
  does: 'Stops the booking of the charge until it has its dates; it then goes on by itself.',
  remedy: 'Activate the subscription in Billing, which dates its charges.',
  before:
    'Activate subscriptions that are pending for no reason. The others need nothing: they are booked when they are activated.',
  inBilling: chargesThat({ wrong }),
  inStaging: heldBy(id),
  stop: {
    wrong,
    text: {
      message: '{source} has no dates: {detail}.',
      remedy:
        'Activate the subscription in Billing, which dates its charges. The line goes on by itself with the next sync.',
    },
    instead: [
      'missing-revenue-start-date',
      'missing-sales-order-date',
      'missing-term-number',
      'missing-ext-sell-price',
      'missing-exchange-rate',
      'waits-for-price',
    ],
  },
});

import { type RawBuilder, sql } from 'kysely';

import { isDiscount, isOneTime } from './charge.ts';
import { fromCharges, isNewest, isOwn, notFlagged } from './charges.ts';
import { defineLimitation, type Footprint, type Hit } from './limitation.ts';
import { foundBy } from './lines.ts';
import { rowsOf } from './rows.ts';

const id = 'negative-one-time-charge';

const value = sql`"ChargeContractualValueAllCharges".amount`;

/** What ended it before it was due; null where it still stands. */
const gone = sql<string | null>`case
      when not ${isNewest} then 'the newest version of its subscription does not have it any more'
      when "RatePlanCharge".effective_end_date <= "RatePlanCharge".effective_start_date then 'it ends before it begins'
      when lower("Subscription".status) = 'cancelled'
        and coalesce("Subscription".cancelled_date, "Subscription".subscription_end_date) <= "RatePlanCharge".effective_start_date
        then 'its subscription was cancelled before it'
      when ${value} >= 0 then 'its contractual value was taken back'
    end`;

/** Every one-time charge as its last version has it, `place` 1, with the least that any version was worth. */
const versions = (entity: string): RawBuilder<unknown> => sql`
    select "RatePlanCharge".id, "Account".currency, ${gone} as gone,
      min(case when ${value} < 0 then ${value} else tier.price * coalesce("RatePlanCharge".quantity, 1) end) over charge as worth,
      row_number() over (charge order by "Subscription".version desc nulls last, "RatePlanCharge".version desc nulls last,
        "RatePlanCharge".id) as place
    ${fromCharges(entity)}
    left join (
      select rate_plan_charge_id, min(price) as price from ${rowsOf('RatePlanChargeTier')}
      where entity = ${entity} and price < 0 and not deleted group by 1
    ) as tier on tier.rate_plan_charge_id = "RatePlanCharge".id
    where ${isOwn(entity)} and ${isOneTime('RatePlanCharge')} and not ${isDiscount('RatePlanCharge')}
      and ${notFlagged}
    window charge as (
      partition by coalesce("RatePlanCharge".original_id, "RatePlanCharge".id), "RatePlanCharge".segment
    )`;

const inBilling: Footprint = {
  objects: [
    'RatePlanCharge',
    'Subscription',
    'ProductRatePlanCharge',
    'RatePlanChargeTier',
    'ChargeContractualValueAllCharges',
  ],
  hits: (entity) => sql<Hit>`
    select 'RatePlanCharge' as object, v.id, v.worth as amount, v.currency, v.gone as detail
    from (${versions(entity)}) as v
    where v.place = 1 and v.worth < 0 and v.gone is not null`,
};

const remedy =
  'Compare what is booked and what is billed for the charge, and correct the difference by a manual entry, or by a memo in Billing. Give money back by a credit memo or a discount instead of a negative one-time charge.';

/** A negative one-time charge that was cancelled or removed: the booking is taken back, the billing not in the same way. */
export const negativeOneTimeCharge = defineLimitation({
  id,
  heading: 'Negative one-time charges',
  scope: 'contract action',
  outcome: 'warn',
  checkedAt: ['staging'],
  does: 'Takes the booking back as Billing tells it, and reports the charge with its negative amount: with "Enable credit back for removing or canceling one time charges" on, as it has to be, bookings and billings differ by it.',
  remedy,
  before:
    'Keep the setting "Enable credit back for removing or canceling one time charges" at Yes, and replace negative one-time charges that may be cancelled by credit memos or discounts.',
  inBilling,
  inStaging: foundBy(id),
  finding: {
    message: '{source} is a negative one-time charge that was cancelled or removed: {detail}.',
    remedy,
  },
});

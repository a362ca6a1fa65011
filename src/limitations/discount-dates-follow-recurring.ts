import { type RawBuilder, sql } from 'kysely';

import { chargeSegment, isPercentageDiscount } from './charge.ts';
import { DISCOUNT_OBJECTS, discounts, fromDiscounts, TAKEN_OFF } from './discounted-charges.ts';
import { defineLimitation, type Footprint, type Hit } from './limitation.ts';

/** Each percentage discount with each charge that it has other dates than. */
const misdated = (entity: string): RawBuilder<unknown> => sql`
    select "RatePlanCharge".id, ${TAKEN_OFF} as amount, "Account".currency,
      ${chargeSegment('Discounted')} || '.' || ${chargeSegment('RatePlanCharge')} as so_line_id,
      concat('it lasts from ', "RatePlanCharge".effective_start_date, ' to ', coalesce("RatePlanCharge".effective_end_date::text, 'no end'),
        ', what it discounts from ', "Discounted".effective_start_date, ' to ', coalesce("Discounted".effective_end_date::text, 'no end')) as detail
    ${fromDiscounts(entity)}
    where ${discounts(entity)} and ${isPercentageDiscount('RatePlanCharge')}
      and ("RatePlanCharge".effective_start_date, "RatePlanCharge".effective_end_date)
        is distinct from ("Discounted".effective_start_date, "Discounted".effective_end_date)`;

const inBilling: Footprint = {
  objects: DISCOUNT_OBJECTS,
  hits: (entity) => sql<Hit>`
    select 'RatePlanCharge' as object, id, sum(amount) as amount, currency, min(detail) as detail
    from (${misdated(entity)}) as d group by id, currency`,
};

/** A percentage discount is earned with what it discounts. */
export const discountDatesFollowRecurring = defineLimitation({
  id: 'discount-dates-follow-recurring',
  heading: 'Discount charges',
  point: 4,
  scope: 'line',
  outcome: 'derive',
  checkedAt: ['staging'],
  does: 'Gives the line of a percentage discount the Revenue Start and End Date of the charge that it discounts; the dates of the discount charge itself are not used.',
  remedy:
    'Nothing, if revenue may follow the discounted charge. Else have the discounted charge begin or end a segment in Billing where the discount does.',
  before: 'Give discounts the dates of what they discount.',
  inBilling,
  inStaging: (entity) => sql<Hit>`
    select l.type as object, l.id, l.ext_sell_price as amount, l.transaction_currency as currency, d.detail
    from (${misdated(entity)}) as d
    join staging.line as l on l.entity = ${entity} and l.source_object = 'RatePlanCharge' and l.source_id = d.id
      and l.so_line_id = d.so_line_id`,
});

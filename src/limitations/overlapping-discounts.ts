import { type RawBuilder, sql } from 'kysely';

import { isDiscount } from './charge.ts';
import { DISCOUNT_OBJECTS, discounts, fromDiscounts, TAKEN_OFF } from './discounted-charges.ts';
import { defineLimitation, type Footprint, type Hit } from './limitation.ts';
import { foundBy } from './lines.ts';
import { joined } from './rows.ts';

const id = 'overlapping-discounts';

/**
 * Each discount on a charge with the days on which it applies, first to first after. The currency is that of the account
 * of the charge, which is one for all of them: a discount need not say whose it is.
 */
const applied = (entity: string): RawBuilder<unknown> => sql`
    select "Discounted".id as charge, "RatePlanCharge".id as discount, "RatePlanCharge".name, ${TAKEN_OFF} as amount,
      "Discountee".currency,
      greatest("RatePlanCharge".effective_start_date, "Discounted".effective_start_date) as starts,
      coalesce(least("RatePlanCharge".effective_end_date, "Discounted".effective_end_date), 'infinity'::date) as ends
    ${fromDiscounts(entity)}
    ${joined('Account', sql`"Discounted".account_id`, 'Discountee')}
    where ${discounts(entity)} and ${isDiscount('RatePlanCharge')}`;

const inBilling: Footprint = {
  objects: DISCOUNT_OBJECTS,
  hits: (entity) => sql<Hit>`
    with applied as materialized (${applied(entity)})
    select 'RatePlanCharge' as object, a.charge as id, sum(a.amount) as amount, a.currency,
      string_agg(concat('"', a.name, '"'), ' and ' order by a.name, a.discount) as detail
    from applied as a
    where a.amount <> 0 and a.starts < a.ends and exists (
      select from applied as o
      where o.charge = a.charge and o.discount <> a.discount and o.amount <> 0 and o.starts < o.ends
        and o.starts < a.ends and a.starts < o.ends
    )
    group by a.charge, a.currency`,
};

const remedy =
  'Compare what was booked and what was billed for the discounts of this charge, and correct the difference by a manual entry. In Billing, let one discount take off what several do, or give them dates that only touch.';

/** Several discounts on one charge at a time: what they come to when they are billed need not be what each books. */
export const overlappingDiscounts = defineLimitation({
  id,
  heading: 'Discount charges',
  point: 5,
  scope: 'line',
  outcome: 'warn',
  checkedAt: ['staging'],
  does: 'Books every discount with its contractual value, and reports the discounted charge with what its discounts come to: bookings and billings may differ there.',
  remedy,
  before:
    'Replace discounts that apply to one charge at a time by a single one, or let one begin where the other ends.',
  inBilling,
  inStaging: foundBy(id),
  finding: {
    message:
      '{source} has more than one discount at a time: {detail}. What they book and what they bill may differ.',
    remedy,
  },
});

import { type RawBuilder, sql } from 'kysely';

import { OTHER_MINOR_UNITS } from '../domain/money/minor-units.ts';
import { isDiscount, isUsage } from './charge.ts';
import { fromCharges, isNewest, isOwn, notFlagged } from './charges.ts';
import { defineLimitation, type Footprint, type Hit } from './limitation.ts';
import { linesFrom } from './lines.ts';
import { rowsOf } from './rows.ts';

/** The days on which a renewal started another term, as term numbers are counted. */
const renewals = (entity: string): RawBuilder<unknown> => sql`
    select distinct later.name, later.term_start_date as starts
    from ${rowsOf('Subscription', 'later')}
    join ${rowsOf('Subscription', 'earlier')} on earlier.entity = later.entity and earlier.id = later.previous_subscription_id
    where later.entity = ${entity} and later.term_start_date >= earlier.term_end_date and not later.deleted`;

/** Every segment of the newest versions with what the segment before it says. */
const segments = (entity: string): RawBuilder<unknown> => sql`
    select "RatePlanCharge".id, "RatePlanCharge".quantity, "RatePlanCharge".effective_start_date as starts,
      "Subscription".name, "ChargeContractualValueAllCharges".amount, "Account".currency,
      lag("RatePlanCharge".quantity) over segments as quantity_before,
      lag("RatePlanCharge".effective_start_date) over segments as starts_before
    ${fromCharges(entity)}
    where ${isOwn(entity)} and not ${isDiscount('RatePlanCharge')} and not ${isUsage('RatePlanCharge')} and ${isNewest}
      and ${notFlagged}
    window segments as (
      partition by "RatePlanCharge".subscription_id, coalesce("RatePlanCharge".original_id, "RatePlanCharge".id)
      order by "RatePlanCharge".segment
    )`;

/** Decimals of the currency of `s`. */
const decimals = sql<number>`case s.currency ${sql.join(
  [...OTHER_MINOR_UNITS].map(([code, count]) => sql`when ${sql.lit(code)} then ${sql.lit(count)}`),
  sql` `,
)} else 2 end`;

/** The part of the contractual value that the added units have; no quantity here is zero, for it is the larger one. */
const added = sql`round(s.amount * (s.quantity - s.quantity_before) / s.quantity, ${decimals})`;

const inBilling: Footprint = {
  objects: ['RatePlanCharge', 'Subscription', 'ProductRatePlanCharge'],
  hits: (entity) => sql<Hit>`
    with renewal as (${renewals(entity)})
    select 'RatePlanCharge' as object, s.id, ${added} as amount, s.currency,
      concat('its quantity is ', trim_scale(s.quantity), ', that of the segment before it ', trim_scale(s.quantity_before)) as detail
    from (${segments(entity)}) as s
    where s.quantity > s.quantity_before and not exists (
      select from renewal as r where r.name = s.name and r.starts > s.starts_before and r.starts <= s.starts
    )`,
};

/** More units within a term: another segment of the same promise. */
export const quantityUpsellStaysInContract = defineLimitation({
  id: 'quantity-upsell-stays-in-contract',
  heading: 'Handling amendments',
  point: 2,
  scope: 'contract action',
  outcome: 'derive',
  checkedAt: ['staging', 'collection'],
  does: 'Books the larger quantity as another SO line of the same contract and the same obligation; the contract gets a version, with the cause Quantity change.',
  remedy:
    'Nothing, if more units are more of the same. To account for them as a new contract or a new obligation, sell them in Billing as a subscription or a product of their own.',
  before:
    'Decide which upsells are new promises, and have these ordered as added products or new subscriptions.',
  inBilling,
  inStaging: linesFrom(inBilling),
});

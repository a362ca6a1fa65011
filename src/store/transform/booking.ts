import { type RawBuilder, sql } from 'kysely';

import { objectOf } from '../../domain/catalogue/catalogue.ts';
import { ORPHANED } from '../../domain/holds.ts';
import type { TemplatePolicies } from '../../domain/mapping/policies.ts';
import { ORDER_ROUTES } from '../../domain/mapping/routes.ts';
import { STOPS } from '../limitations/charge-stops.ts';
import { BEHIND_DISCOUNTS } from './behind-discounts.ts';
import { chargeState } from '../../limitations/charge-states.ts';
import {
  chargeSegment,
  isDiscount,
  isEvergreen,
  isFixedDiscount,
  isOneTime,
  isPercentageDiscount,
  isUsage,
  orderedQuantity,
} from '../../limitations/charge.ts';
import type { Derivation, DerivedJoin, Mapped } from './derivation.ts';
import { endDate } from './end-date.ts';
import { excludedByFlag, isFlagged } from './exclusion-flags.ts';
import { missing } from './missing.ts';
import { rowsJoin } from './rows-join.ts';
import { renewalsJoin, termNumber } from './term-number.ts';

const CHARGE = 'RatePlanCharge';
const CHARGES = objectOf('RatePlanCharge');
const PRICES = objectOf('ChargeContractualValueAllCharges');
const entity = sql`"RatePlanCharge".entity`;

/** A percentage discount books one line per charge it applies to, with that charge's dates. */
const DISCOUNTED: readonly DerivedJoin[] = [
  rowsJoin({
    alias: 'Discounted',
    object: objectOf('DiscountContractualValues'),
    key: { entity, discount_rate_plan_charge_id: sql`"RatePlanCharge".id` },
    condition: sql<boolean>`${isPercentageDiscount(CHARGE)} and not "Discounted".deleted`,
  }),
  rowsJoin({
    alias: 'DiscountedCharge',
    object: CHARGES,
    key: { entity, id: sql`"Discounted".rate_plan_charge_id` },
  }),
  rowsJoin({
    alias: 'DiscountedProduct',
    object: objectOf('ProductRatePlanCharge'),
    key: { entity, id: sql`"DiscountedCharge".product_rate_plan_charge_id` },
  }),
];

/** The same segment in the subscription version before this one. */
const PREVIOUS: readonly DerivedJoin[] = [
  rowsJoin({
    alias: 'Previous',
    object: CHARGES,
    key: {
      entity,
      subscription_id: sql`"Subscription".previous_subscription_id`,
      original_id: sql`"RatePlanCharge".original_id`,
      segment: sql`"RatePlanCharge".segment`,
    },
  }),
  rowsJoin({ alias: 'PreviousPrice', object: PRICES, key: { entity, id: sql`"Previous".id` } }),
];

/** The segment that follows it in the same subscription version. */
const NEXT: DerivedJoin = rowsJoin({
  alias: 'Next',
  object: CHARGES,
  key: {
    entity,
    subscription_id: sql`"RatePlanCharge".subscription_id`,
    original_id: sql`"RatePlanCharge".original_id`,
    segment: sql`"RatePlanCharge".segment + 1`,
  },
  condition: sql<boolean>`not "Next".deleted`,
});

/** A discount of a fixed amount is booked with the amount of its tier (domain.md 3.7), which it has one of. */
const TIER: DerivedJoin = rowsJoin({
  alias: 'DiscountTier',
  object: objectOf('RatePlanChargeTier'),
  key: { entity, rate_plan_charge_id: sql`"RatePlanCharge".id` },
  condition: isFixedDiscount(CHARGE),
  first: { having: sql<boolean>`discount_amount is not null and not deleted`, by: sql`tier, id` },
});

/** Of the segment itself, whatever a template maps: a segment belongs to one term. */
const segmentStart = sql`coalesce("DiscountedCharge".effective_start_date, "RatePlanCharge".effective_start_date)`;

/**
 * Why a version of a segment differs from the one before (design 9 (14)): empty for a subscription's
 * first version and for a segment carried over as it was.
 */
const AMENDMENT_REASON = sql`case
  when "Subscription".version = 1 then ''
  when "Previous".id is null and "RatePlanCharge".effective_start_date = any("Renewals".starts) then 'Renewal'
  when "Previous".id is null then 'New'
  when "Subscription".status = 'Cancelled' and "RatePlanCharge".effective_end_date is distinct from "Previous".effective_end_date then 'Cancellation'
  when "RatePlanCharge".effective_end_date > "Previous".effective_end_date then 'Extension'
  when "RatePlanCharge".effective_end_date < "Previous".effective_end_date then 'Contraction'
  when "RatePlanCharge".quantity > "Previous".quantity then 'Increase Quantity'
  when "RatePlanCharge".quantity < "Previous".quantity then 'Decrease Quantity'
  when "ChargeContractualValueAllCharges".amount > "PreviousPrice".amount then 'Increase Price'
  when "ChargeContractualValueAllCharges".amount < "PreviousPrice".amount then 'Decrease Price'
  else ''
end`;

/**
 * A change of price or quantity cuts the segment short where its new segment starts; its rest is recast without a
 * modification of the contract (domain.md 4.3). When that is its own first day, it is cancelled instead.
 */
const SKIP_CT_MOD = sql`case
  when "Previous".id is not null and "Next".effective_start_date = "RatePlanCharge".effective_end_date
    and ("RatePlanCharge".effective_end_date < "Previous".effective_end_date) is not false
    and "RatePlanCharge".effective_end_date > "RatePlanCharge".effective_start_date then 'Yes'
  else 'No'
end`;

/** What is booked at zero and lifted by its invoices: usage, and by default what an evergreen subscription recurs. */
const bookedAtZero = (evergreen: TemplatePolicies['evergreen']): RawBuilder<boolean> =>
  evergreen === 'ccv'
    ? isUsage(CHARGE)
    : sql<boolean>`(${isUsage(CHARGE)} or (${isEvergreen('Subscription')} and not ${isOneTime(CHARGE)}))`;

/** A percentage discount has the dates of the charge it discounts; what is charged once lasts a day unless it says otherwise. */
function span(mapped: Mapped): ReturnType<Derivation['fields']> {
  const { held, dayAfter } = endDate(mapped);
  const start = sql`coalesce("DiscountedCharge".effective_start_date, ${mapped('revenue_start_date')})`;
  const end = sql`coalesce(${held(sql`"DiscountedCharge".effective_end_date`)}, ${mapped('revenue_end_date')},
      case when ${isOneTime(CHARGE)} then ${held(sql`${start} + 1`)} end)`;
  return {
    revenue_start_date: start,
    revenue_end_date: end,
    duration: sql`staging.months(${start}, ${dayAfter(end)})`,
  };
}

const fields = (mapped: Mapped, atZero: RawBuilder<boolean>): ReturnType<Derivation['fields']> => ({
  so_line_id: sql`case when "DiscountedCharge".id is not null
      then ${chargeSegment('DiscountedCharge')} || '.' || ${chargeSegment(CHARGE)}
      when "Discounted".id is not null then "Discounted".rate_plan_charge_id || '.?.' || ${chargeSegment(CHARGE)}
      else ${chargeSegment(CHARGE)} end`,
  so_number: sql`"RatePlanCharge".charge_number`,
  so_book_date: mapped('sales_order_date'),
  sequence_number: sql`coalesce("DiscountedCharge".version || '.', '') || "RatePlanCharge".version || '.' || "Subscription".version || '.' ||
      to_char(coalesce("RatePlanCharge".updated_date, "RatePlanCharge".created_date) at time zone 'UTC', 'YYYYMMDDHH24MISS')`,
  term_number: termNumber('Subscription', segmentStart),
  ...span(mapped),
  ordered_qty: orderedQuantity(CHARGE, mapped('ordered_qty')),
  ext_sell_price: sql`case
      when ${atZero} then 0
      when ${isPercentageDiscount(CHARGE)} then -abs("Discounted".amount)
      when ${isFixedDiscount(CHARGE)} then coalesce(-abs("DiscountTier".discount_amount), ${mapped('ext_sell_price')})
      else ${mapped('ext_sell_price')} end`,
  ext_list_price: sql`case when ${isDiscount(CHARGE)} then 0
      when ${atZero} then coalesce(${mapped('ext_list_price')}, 0)
      else ${mapped('ext_list_price')} end`,
  ct_mod_date: sql`case when "Previous".id is not null
      then coalesce("RatePlanCharge".amended_by_order_on, "Amendment".effective_date, "Amendment".contract_effective_date) end`,
  amendment_reason: AMENDMENT_REASON,
  skip_ct_mod: SKIP_CT_MOD,
  ramp_deal_ref: sql`"Ramp".number`,
});

/** Bookings: SO lines from charge segments (domain.md 3.1, 3.5, 4). */
export const bookingDerivation = ({ evergreen }: TemplatePolicies): Derivation => ({
  routes: ORDER_ROUTES,
  paths: ORDER_ROUTES.routes.map(({ path }) => path),
  rates: () => ({ told: null, day: null, pinned: true }),
  joins: () => [...DISCOUNTED, ...PREVIOUS, NEXT, TIER, renewalsJoin('Subscription')],
  fields: (mapped) => fields(mapped, bookedAtZero(evergreen)),
  exclusions: [
    ['deleted', sql`"RatePlanCharge".deleted`],
    ...excludedByFlag('booking', CHARGE, 'ProductRatePlanCharge'),
  ],
  behind: BEHIND_DISCOUNTS,
  gates: ['ProductRatePlanCharge'],
  orphans: [
    // A discount cannot be booked without what it discounts (domain.md 3.7).
    sql<
      string | null
    >`case when "Discounted".id is not null then 'orphan-rate-plan-charge:RatePlanCharge ' || "Discounted".rate_plan_charge_id || ', ' ||
      case when "DiscountedCharge".id is null then ${sql.lit(ORPHANED.missing)} when "DiscountedCharge".deleted then ${sql.lit(ORPHANED.deleted)}
        when ${isFlagged('booking', 'DiscountedCharge')} or ${isFlagged('booking', 'DiscountedProduct')} then ${sql.lit(ORPHANED.excluded)} end end`,
  ],
  part: sql<string | null>`"Discounted".rate_plan_charge_id`,
  // An order that is deleted and made again brings other charges with the ids of the lines before.
  twinsBy: 'original_id',
  lineType: sql<string>`'SO'`,
  collected: null,
  facts: {
    by_percentage: isPercentageDiscount(CHARGE),
    stops: STOPS,
    charge_state: chargeState(CHARGE),
    at_version: sql`"Subscription".version`,
  },
  stops: true,
  // Without its subscription a line has no version yet: the charge's own id keeps it apart from its other versions.
  lineId: sql<string>`'SO:' || coalesce(f.so_line_id, coalesce(f.part || '.', '') || f.source_id || '.?') || '@' || coalesce(f.subscription_version::text, '?' || f.source_id)`,
  missing: (mapped) => [
    missing('business-unit', 'business_unit', mapped),
    missing('company-code', 'company_code', mapped),
    missing('so-line-id', 'so_line_id'),
    missing('revenue-start-date', 'revenue_start_date', mapped),
    missing('sales-order-date', 'sales_order_date', mapped),
    missing('sequence-number', 'sequence_number'),
    missing('term-number', 'term_number'),
    missing('ordered-qty', 'ordered_qty', mapped),
    sql<
      string | null
    >`case when f.subscription_name is null and f.customer_number is null then 'missing-reference:it has neither a subscription name nor a customer number' end`,
    missingPrice(mapped),
  ],
});

/** A charge without its contractual value waits for it; it is never booked at zero (design 9 (11)). */
function missingPrice(mapped: Mapped): RawBuilder<string | null> {
  const wait = sql`case f.price_source when 'none'
      then 'missing-ext-sell-price:Billing gives these credentials no contractual values' else 'waits-for-price' end`;
  const from = mapped.row('ext_sell_price')?.from ?? '';
  const held = from.startsWith(`${PRICES.name}.`)
    ? wait
    : sql`case when f.by_percentage then ${wait} else ${missing('ext-sell-price', 'ext_sell_price', mapped)} end`;
  return sql<string | null>`case when f.ext_sell_price is null then ${held} end`;
}

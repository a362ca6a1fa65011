import { type RawBuilder, sql } from 'kysely';

import { objectOf } from '../../domain/catalogue/catalogue.ts';
import { ORPHANED } from '../../domain/holds.ts';
import type { TemplatePolicies } from '../../domain/mapping/policies.ts';
import { ORDER_ROUTES } from '../../domain/mapping/routes.ts';
import { prestagingTable } from '../prestaging-table.ts';
import {
  chargeSegment,
  isDiscount,
  isEvergreen,
  isFixedDiscount,
  isOneTime,
  isPercentageDiscount,
  isUsage,
  orderedQuantity,
} from './charge.ts';
import type { Derivation, DerivedJoin, Mapped } from './derivation.ts';
import { missing } from './missing.ts';
import { renewalsJoin, termNumber } from './term-number.ts';

const CHARGE = 'RatePlanCharge';
const charges = prestagingTable(objectOf('RatePlanCharge'));
const prices = prestagingTable(objectOf('ChargeContractualValueAllCharges'));

/** A percentage discount books one line per charge it applies to, with that charge's dates. */
const DISCOUNTED: readonly DerivedJoin[] = [
  {
    alias: 'Discounted',
    kind: 'rows',
    clause: sql`left join ${prestagingTable(objectOf('DiscountContractualValues'))} as "Discounted"
      on "Discounted".entity = "RatePlanCharge".entity and "Discounted".discount_rate_plan_charge_id = "RatePlanCharge".id
      and ${isPercentageDiscount(CHARGE)} and not "Discounted".deleted`,
  },
  {
    alias: 'DiscountedCharge',
    kind: 'rows',
    clause: sql`left join ${charges} as "DiscountedCharge"
      on "DiscountedCharge".entity = "Discounted".entity and "DiscountedCharge".id = "Discounted".rate_plan_charge_id`,
  },
];

/** The same segment in the subscription version before this one. */
const PREVIOUS: readonly DerivedJoin[] = [
  {
    alias: 'Previous',
    kind: 'rows',
    clause: sql`left join ${charges} as "Previous"
      on "Previous".entity = "RatePlanCharge".entity and "Previous".subscription_id = "Subscription".previous_subscription_id
      and "Previous".original_id = "RatePlanCharge".original_id and "Previous".segment = "RatePlanCharge".segment`,
  },
  {
    alias: 'PreviousPrice',
    kind: 'rows',
    clause: sql`left join ${prices} as "PreviousPrice"
      on "PreviousPrice".entity = "Previous".entity and "PreviousPrice".id = "Previous".id`,
  },
];

/** The segment that follows it in the same subscription version. */
const NEXT: DerivedJoin = {
  alias: 'Next',
  kind: 'rows',
  clause: sql`left join ${charges} as "Next"
    on "Next".entity = "RatePlanCharge".entity and "Next".subscription_id = "RatePlanCharge".subscription_id
    and "Next".original_id = "RatePlanCharge".original_id and "Next".segment = "RatePlanCharge".segment + 1
    and not "Next".deleted`,
};

/** A discount of a fixed amount is booked with the amount of its tier (domain.md 3.7), which it has one of. */
const TIER: DerivedJoin = {
  alias: 'DiscountTier',
  kind: 'rows',
  clause: sql`left join (
      select distinct on (entity, rate_plan_charge_id) tableoid, * from ${prestagingTable(objectOf('RatePlanChargeTier'))}
      where discount_amount is not null and not deleted
      order by entity, rate_plan_charge_id, tier, id
    ) as "DiscountTier"
    on "DiscountTier".entity = "RatePlanCharge".entity and "DiscountTier".rate_plan_charge_id = "RatePlanCharge".id
    and ${isFixedDiscount(CHARGE)}`,
};

const start = sql`coalesce("DiscountedCharge".effective_start_date, "RatePlanCharge".effective_start_date)`;
const end = sql`coalesce("DiscountedCharge".effective_end_date, "RatePlanCharge".effective_end_date)`;

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

const fields = (mapped: Mapped, atZero: RawBuilder<boolean>): ReturnType<Derivation['fields']> => ({
  so_line_id: sql`case when "DiscountedCharge".id is not null
      then ${chargeSegment('DiscountedCharge')} || '.' || ${chargeSegment(CHARGE)}
      when "Discounted".id is not null then "Discounted".rate_plan_charge_id || '.?.' || ${chargeSegment(CHARGE)}
      else ${chargeSegment(CHARGE)} end`,
  so_number: sql`"RatePlanCharge".charge_number`,
  so_book_date: mapped('sales_order_date'),
  sequence_number: sql`"RatePlanCharge".version || '.' || "Subscription".version || '.' ||
      to_char(coalesce("RatePlanCharge".updated_date, "RatePlanCharge".created_date) at time zone 'UTC', 'YYYYMMDDHH24MISS')`,
  term_number: termNumber('Subscription', start),
  revenue_start_date: sql`coalesce("DiscountedCharge".effective_start_date, ${mapped('revenue_start_date')})`,
  revenue_end_date: sql`case when ${isOneTime(CHARGE)} and ${mapped('revenue_end_date')} is null
      then ${mapped('revenue_start_date')} + 1
      else coalesce("DiscountedCharge".effective_end_date, ${mapped('revenue_end_date')}) end`,
  duration: sql`staging.months(${start}, ${end})`,
  ordered_qty: orderedQuantity(CHARGE),
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
  joins: () => [...DISCOUNTED, ...PREVIOUS, NEXT, TIER, renewalsJoin('Subscription')],
  fields: (mapped) => fields(mapped, bookedAtZero(evergreen)),
  exclusions: [
    ['deleted', sql`"RatePlanCharge".deleted`],
    ['exclusion-flag', sql`"RatePlanCharge".exclude_item_booking_from_revenue_accounting`],
    ['exclusion-flag', sql`"ProductRatePlanCharge".exclude_item_booking_from_revenue_accounting`],
  ],
  gates: [{ object: 'ProductRatePlanCharge', field: 'ProductRatePlanChargeId' }],
  orphans: [
    sql<
      string | null
    >`case when "Discounted".id is not null then 'orphan-rate-plan-charge:RatePlanCharge ' || "Discounted".rate_plan_charge_id || ', ' ||
      case when "DiscountedCharge".id is null then ${sql.lit(ORPHANED.missing)} when "DiscountedCharge".deleted then ${sql.lit(ORPHANED.deleted)} end end`,
  ],
  part: sql<string | null>`"Discounted".rate_plan_charge_id`,
  // An order that is deleted and made again brings other charges with the ids of the lines before.
  twinsBy: 'original_id',
  lineType: sql<string>`'SO'`,
  collected: null,
  facts: {},
  // Without its subscription a line has no version yet: the charge's own id keeps it apart from its other versions.
  lineId: sql<string>`'SO:' || coalesce(f.so_line_id, coalesce(f.part || '.', '') || f.source_id || '.?') || '@' || coalesce(f.subscription_version::text, '?' || f.source_id)`,
  missing: [
    missing('business-unit', 'business_unit'),
    missing('company-code', 'company_code'),
    missing('so-line-id', 'so_line_id'),
    missing('revenue-start-date', 'revenue_start_date'),
    missing('sales-order-date', 'sales_order_date'),
    missing('sequence-number', 'sequence_number'),
    missing('term-number', 'term_number'),
    missing('ordered-qty', 'ordered_qty'),
    sql<
      string | null
    >`case when f.subscription_name is null and f.customer_number is null then 'missing-reference' end`,
    // A charge without its contractual value waits for it; it is never booked at zero (design 9 (11)).
    sql<string | null>`case when f.ext_sell_price is null
      then case f.price_source when 'none' then 'missing-ext-sell-price' else 'waits-for-price' end end`,
  ],
});

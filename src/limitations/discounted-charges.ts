import { type RawBuilder, sql } from 'kysely';

import { fromCharges, isNewest, isOwn, notFlagged } from './charges.ts';
import { rowsOf } from './rows.ts';

/** Where `fromDiscounts` reads which charge takes something off which. */
export const DISCOUNT_OBJECTS = [
  'RatePlanCharge',
  'Subscription',
  'ProductRatePlanCharge',
  'DiscountContractualValues',
] as const;

/** `from` each discount charge to each charge it discounts, `"Discounted"`, and what it takes off that, `"Pair"`. */
export const fromDiscounts = (entity: string): RawBuilder<unknown> => sql`
    ${fromCharges(entity)}
    join ${rowsOf('DiscountContractualValues', 'Pair')} on "Pair".entity = own.entity
      and "Pair".discount_rate_plan_charge_id = "RatePlanCharge".id and not "Pair".deleted
    join ${rowsOf('RatePlanCharge', 'Discounted')} on "Discounted".entity = own.entity
      and "Discounted".id = "Pair".rate_plan_charge_id and not "Discounted".deleted`;

/** Whether the discount charge is one of the entity's newest versions and books what it takes off. */
export const discounts = (entity: string): RawBuilder<boolean> =>
  sql<boolean>`${isOwn(entity)} and ${isNewest}
      and ${notFlagged}`;

/** What is taken off, negative, whatever sign Billing writes it with. */
export const TAKEN_OFF = sql`-abs("Pair".amount)`;

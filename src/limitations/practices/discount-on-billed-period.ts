import { type RawBuilder, sql } from 'kysely';

import { isDiscount, isFixedDiscount, spelled } from '../charge.ts';
import { fromCharges, isNewest, isOwn } from '../charges.ts';
import { DISCOUNT_OBJECTS, fromDiscounts } from '../discounted-charges.ts';
import type { Hit } from '../limitation.ts';
import type { Practice } from '../practice.ts';
import { rowsOf } from '../rows.ts';

const DISCOUNT = sql`"RatePlanCharge".id, "RatePlanCharge".name, "Account".currency,
      coalesce("RatePlanCharge".original_id, "RatePlanCharge".id) as original, "RatePlanCharge".segment,
      coalesce("Discounted".original_id, "Discounted".id) as charge,
      greatest("RatePlanCharge".effective_start_date, "Discounted".effective_start_date) as starts,
      coalesce(least("RatePlanCharge".effective_end_date, "Discounted".effective_end_date), 'infinity') as ends`;

const isCurrent = (entity: string): RawBuilder<boolean> =>
  sql<boolean>`${isOwn(entity)} and ${isNewest} and ${isDiscount('RatePlanCharge')}`;

/**
 * A row per discount of the newest versions and charge it discounts, with the days on which it does. Of a fixed amount
 * Billing need not tell the pairs: then it is the charges of its rate plan or its subscription, by its level.
 */
const pairs = (entity: string): RawBuilder<unknown> => sql`
    select ${DISCOUNT}, -abs("Pair".amount) as amount, null::numeric as whole
    ${fromDiscounts(entity)} where ${isCurrent(entity)}
    union all
    select ${DISCOUNT}, null, -abs("ChargeContractualValueAllCharges".amount)
    ${fromCharges(entity)}
    join ${rowsOf('RatePlanCharge', 'Discounted')} on "Discounted".entity = own.entity and not "Discounted".deleted
      and "Discounted".subscription_id = "RatePlanCharge".subscription_id and not ${isDiscount('Discounted')}
      and ("Discounted".rate_plan_id = "RatePlanCharge".rate_plan_id
        or ${spelled(sql`"RatePlanCharge".discount_level`)} = 'subscription')
    where ${isCurrent(entity)} and ${isFixedDiscount('RatePlanCharge')} and not exists (
      select from ${rowsOf('DiscountContractualValues', 'Pair')} where "Pair".entity = own.entity
        and "Pair".discount_rate_plan_charge_id = "RatePlanCharge".id and not "Pair".deleted
    )`;

/** When each segment of these charges came to be: with the first version that has it. */
const made = (entity: string): RawBuilder<unknown> => sql`
    select coalesce(original_id, id) as original, segment, min(created_date) as at
    from ${rowsOf('RatePlanCharge', 'made')}
    where entity = ${entity} and not deleted
      and coalesce(original_id, id) in (select original from pair union select charge from pair)
    group by coalesce(original_id, id), segment`;

/** The discounts that came after the charge they discount: nothing can be billed before, and mostly there are few. */
const LATE = sql`
    select p.*, a.at as added
    from pair as p
    join made as a on a.original = p.original and a.segment is not distinct from p.segment
    join (select original, min(at) as at from made group by original) as s on s.original = p.charge
    where a.at > coalesce(s.at, '-infinity')`;

/** What posted invoices billed for discounted charges, in whatever version, and when. */
const billed = (entity: string): RawBuilder<unknown> => sql`
    select coalesce(c.original_id, c.id) as charge, i.service_start_date as starts, i.service_end_date as ends,
      coalesce(i.created_date, d.created_date, d.posted_date) as at
    from ${rowsOf('InvoiceItem', 'i')}
    join ${rowsOf('RatePlanCharge', 'c')} on c.entity = i.entity and c.id = i.rate_plan_charge_id
    join ${rowsOf('Invoice', 'd')} on d.entity = i.entity and d.id = i.invoice_id
    where i.entity = ${entity} and not i.deleted and not d.deleted and d.status = 'Posted'
      and exists (select from late)
      and (coalesce(c.original_id, c.id) in (select charge from late)) is true`;

const remedy =
  'Compare what the discount books with what Billing credits for the periods that were billed before it. To correct it, let the discount begin where billing has got to, and credit the past by a memo.';

/** A discount that was added after some of what it discounts was billed. */
export const discountOnBilledPeriod: Practice = {
  id: 'discount-on-billed-period',
  title: 'Add discounts only to periods that are not billed yet',
  does: 'Compares when a discount came to be with what posted invoices had billed of the charges it discounts; reports each that reaches back into a billed period, with what it takes off.',
  remedy,
  before: 'Let discounts that were added late begin with the next billing period.',
  inBilling: {
    objects: [...DISCOUNT_OBJECTS, 'InvoiceItem', 'Invoice'],
    hits: (entity) => sql<Hit>`
    with pair as materialized (${pairs(entity)}),
    made as materialized (${made(entity)}),
    late as materialized (${LATE}),
    billed as materialized (${billed(entity)}),
    reach as (
      select p.id, p.charge, p.starts, p.ends, max(b.ends) as through
      from late as p
      join billed as b on b.charge = p.charge and b.at < p.added and b.ends > p.starts and b.starts < p.ends
      group by p.id, p.charge, p.starts, p.ends
    )
    select 'RatePlanCharge' as object, p.id, coalesce(sum(p.amount), max(p.whole)) as amount, p.currency,
      concat('"', p.name, '" starts on ', min(p.starts), ', and billing had got to ', max(r.through)) as detail
    from late as p
    join reach as r on r.id = p.id and r.charge = p.charge and r.starts = p.starts and r.ends = p.ends
    group by p.id, p.name, p.currency`,
  },
  finding: {
    message: '{source} discounts what was billed before it came to be: {detail}.',
    remedy,
  },
};

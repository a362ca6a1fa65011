import { type RawBuilder, sql } from 'kysely';

import { isOneTime } from '../charge.ts';
import { isNewest } from '../charges.ts';
import type { Hit } from '../limitation.ts';
import type { Practice } from '../practice.ts';
import { joined, rowsOf } from '../rows.ts';
import { formerVersions } from './former.ts';

const DRAFTED = sql<boolean>`lower(coalesce("Subscription".status, '')) = 'draft'`;

/** Billed on the day of the account; Billing then fills in the account's day as the charge's own. */
const FOLLOWS = sql<boolean>`(lower("RatePlanCharge".bill_cycle_type) = 'defaultfromcustomer'
        or ("RatePlanCharge".bill_cycle_type is null and "RatePlanCharge".bill_cycle_day is null)) is true`;

/**
 * The charges whose day or whose account's day moved, in all their versions: mostly none. Asked so that neither is
 * joined, for how few they are is not known beforehand.
 */
const isConcerned = (entity: string): RawBuilder<boolean> => sql<boolean>`
      (exists (select from account) or exists (select from segment))
      and ("RatePlanCharge".account_id in (select id from account)
        or coalesce("RatePlanCharge".original_id, "RatePlanCharge".id) in (
          select coalesce(c.original_id, c.id) from ${rowsOf('RatePlanCharge', 'c')}
          where c.entity = ${entity} and (c.id in (select id from segment)) is true
        ))`;

/** The charges that may be booked: of each, when it was made, and in the newest version what it is worth. */
const charges = (entity: string): RawBuilder<unknown> => sql`
    select "RatePlanCharge".id, "RatePlanCharge".account_id, "RatePlanCharge".created_date,
      coalesce("RatePlanCharge".original_id, "RatePlanCharge".id) as original, "RatePlanCharge".segment,
      ${isNewest} as newest, ${isOneTime('RatePlanCharge')} is not true as recurs, ${FOLLOWS} as follows,
      "ChargeContractualValueAllCharges".amount, "Account".currency
    from ${rowsOf('RatePlanCharge')}
    cross join lateral (select ${entity}::text as entity) as own
    ${joined('Subscription', sql`"RatePlanCharge".subscription_id`)}
    ${joined('ChargeContractualValueAllCharges', sql`"RatePlanCharge".id`)}
    ${joined('Account', sql`"RatePlanCharge".account_id`)}
    where "RatePlanCharge".entity = ${entity} and not "RatePlanCharge".deleted and not ${DRAFTED} and ${isConcerned(entity)}`;

/**
 * The rows of an object whose day is not what it was at first, with the last other one. 0 is none yet, which Billing
 * fills in by itself; a day that was set back is as it was.
 */
const moved = (entity: string, object: 'Account' | 'RatePlanCharge'): RawBuilder<unknown> => sql`
    select distinct on (h.id) h.id, h.day, now.bill_cycle_day as now, coalesce(h.changed_at, now.updated_date) as changed_at
    from (
      select id, place, changed_at, day, first_value(day) over (partition by id order by place) as first
      from (
        select *, (content ->> 'bill_cycle_day')::integer as day from ${formerVersions(entity, object)} as version
      ) as known
      where day <> 0
    ) as h
    join ${rowsOf(object, 'now')} on now.entity = ${entity} and now.id = h.id and not now.deleted
    where h.day <> now.bill_cycle_day and h.first <> now.bill_cycle_day
    order by h.id, h.place desc`;

const detail = sql`concat('day ', f.day, ' before, day ', f.now, ' now')`;

const remedy =
  'Compare what was booked with what is billed for the charges concerned: the broken period is billed by days, and need not come to what was booked. Correct the difference by a manual entry, or set the day back.';

/** A customer's or a charge's bill cycle day that moved after something was booked by it. */
export const billCycleDayChanged: Practice = {
  id: 'bill-cycle-day-changed',
  title: 'Never change the bill cycle day of a customer',
  does: 'Compares the bill cycle days of accounts and charges with those of earlier extracts; reports each that was another one while something was booked by it, with the contractual values of the charges that bill on it; a charge that follows its account is counted with the account.',
  remedy,
  before: 'Settle the bill cycle days of customers before the first sync, and leave them as they are.',
  inBilling: {
    objects: ['Account', 'RatePlanCharge', 'Subscription'],
    hits: (entity) => sql<Hit>`
    with account as materialized (${moved(entity, 'Account')}),
    segment as materialized (${moved(entity, 'RatePlanCharge')}),
    charge as materialized (${charges(entity)})
    select 'Account' as object, f.id, sum(c.amount) filter (where c.newest and c.recurs and c.follows) as amount,
      max(c.currency) as currency, ${detail} as detail
    from account as f join charge as c on c.account_id = f.id
    group by f.id, f.day, f.now, f.changed_at
    having bool_or(c.created_date is null or f.changed_at is null or c.created_date <= f.changed_at)
    union all
    select distinct on (c.id) 'RatePlanCharge', c.id, c.amount, c.currency, ${detail}
    from segment as f
    join charge as was on was.id = f.id
    join charge as c on c.original = was.original and c.segment is not distinct from was.segment and c.newest
    where not (c.follows and c.account_id in (select id from account))`,
  },
  finding: {
    message: '{source} has another bill cycle day than it was booked by: {detail}.',
    remedy,
  },
};

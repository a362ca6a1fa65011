import { type RawBuilder, sql } from 'kysely';

import type { Footprint, Hit } from './limitation.ts';
import { joined, rowsOf } from './rows.ts';

/** Whether no newer version of the subscription has come. */
export const isNewest = sql<boolean>`not exists (
      select from ${rowsOf('Subscription', 'Newer')}
      where "Newer".entity = "Subscription".entity and "Newer".previous_subscription_id = "Subscription".id and not "Newer".deleted
    )`;

interface Charges {
  /** Null where a charge is none of them. */
  readonly wrong: RawBuilder<string | null>;
  /** Objects that `wrong` reads beside the charge and its subscription. */
  readonly objects?: readonly string[];
  /** What is at stake; without a word, the contractual value. */
  readonly amount?: RawBuilder<unknown>;
}

/** Whether the charge is to be booked: no flag of its own or of its product charge excludes it. */
export const notFlagged = sql<boolean>`("RatePlanCharge".exclude_item_booking_from_revenue_accounting is not true
      and "ProductRatePlanCharge".exclude_item_booking_from_revenue_accounting is not true)`;

/** The charge segments of an entity's newest subscription versions that are to be booked and have something wrong. */
export function chargesThat({
  wrong,
  objects = [],
  amount = sql`"ChargeContractualValueAllCharges".amount`,
}: Charges): Footprint {
  return {
    objects: [...new Set(['RatePlanCharge', 'Subscription', 'ProductRatePlanCharge', ...objects])],
    hits: (entity) => sql<Hit>`
    select 'RatePlanCharge' as object, "RatePlanCharge".id, ${amount} as amount, "Account".currency, ${wrong} as detail
    ${fromCharges(entity)}
    where ${isOwn(entity)} and ${notFlagged} and ${wrong} is not null and ${isNewest}`,
  };
}

/**
 * `from` a charge to the rows that a rule about charges may read, wherever it is looked for (`Subscription`,
 * `ProductRatePlanCharge`, `Amendment`, each under its own name), its contractual value and its account.
 */
export const fromCharges = (entity: string): RawBuilder<unknown> => sql`
    from ${rowsOf('RatePlanCharge')}
    cross join lateral (select ${entity}::text as entity) as own
    ${joined('Subscription', sql`"RatePlanCharge".subscription_id`)}
    ${joinedAsItIs('ProductRatePlanCharge', sql`"RatePlanCharge".product_rate_plan_charge_id`)}
    ${joinedAsItIs('Amendment', sql`"RatePlanCharge".amendment_id`)}
    ${joined('ChargeContractualValueAllCharges', sql`"RatePlanCharge".id`)}
    ${joined('Account', sql`"RatePlanCharge".account_id`)}`;

/** Deleted or not, as a template joins it: what was copied from it stays true, and a line must not be told otherwise. */
const joinedAsItIs = (object: string, id: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`left join ${rowsOf(object)} on ${sql.id(object)}.entity = own.entity and ${sql.id(object)}.id = ${id}`;

/** Whether the charge is one of the entity, and Billing has not deleted it. */
export const isOwn = (entity: string): RawBuilder<boolean> =>
  sql<boolean>`"RatePlanCharge".entity = ${entity} and not "RatePlanCharge".deleted`;

import { type RawBuilder, sql } from 'kysely';

import { spelled } from './charge.ts';
import { rowsOf } from './rows.ts';

/** What orders and, before them, amendments are read from. */
export const ACTION_OBJECTS = ['OrderAction', 'Order', 'Amendment'] as const;

/** Drafts, scheduled and cancelled orders changed nothing; of an order that says nothing it is taken for granted. */
const tookEffect = sql<boolean>`((${spelled(sql`"Order".status`)} <> 'completed') is not true)`;

const isType = (alias: string, type: string): RawBuilder<boolean> =>
  sql<boolean>`(${spelled(sql.id(alias, 'type'))} = ${sql.lit(type)})`;

/**
 * `name` and `version` of the subscriptions that an order action or an amendment of a type made, perhaps several times;
 * `type` as `spelled` has it.
 */
export const versionsMadeBy = (entity: string, type: string): RawBuilder<unknown> => sql`
    -- The subscription that an action names may be the version it began with: only its own order tells that it made it.
    select coalesce("Named".name, "OrderAction".subscription_number, "Amended".name) as name,
      coalesce("OrderAction".subscription_version, "Amended".version,
        case when "Named".order_id = "OrderAction".order_id then "Named".version end) as version
    from ${rowsOf('OrderAction')}
    left join ${rowsOf('Subscription', 'Named')} on "Named".entity = ${entity}
      and "Named".id = "OrderAction".subscription_id
    left join ${rowsOf('Subscription', 'Amended')} on "Amended".entity = ${entity}
      and "Amended".subscription_version_amendment_id = coalesce("OrderAction".subscription_version_amendment_id, "OrderAction".amendment_id)
    left join ${rowsOf('Order')} on "Order".entity = ${entity} and "Order".id = "OrderAction".order_id
    where "OrderAction".entity = ${entity} and ${isType('OrderAction', type)} and not "OrderAction".deleted
      and ${tookEffect} and (
        "OrderAction".subscription_version is not null or "Amended".id is not null
        or "Named".order_id = "OrderAction".order_id
      )
    union
    select "Amended".name, "Amended".version
    from ${rowsOf('Amendment')}
    join ${rowsOf('Subscription', 'Amended')} on "Amended".entity = ${entity}
      and "Amended".subscription_version_amendment_id = "Amendment".id
    where ${ofAmendments(entity, type)}
    union
    -- An amendment names the version that it amends.
    select "Amended".name, "Amended".version
    from ${rowsOf('Amendment')}
    join ${rowsOf('Subscription', 'Amended')} on "Amended".entity = ${entity}
      and "Amended".previous_subscription_id = "Amendment".subscription_id
      and "Amended".subscription_version_amendment_id is null
    where ${ofAmendments(entity, type)}
    union
    select "Amended".name, min("Amended".version)
    from ${rowsOf('Amendment')}
    join ${rowsOf('RatePlanCharge', 'Changed')} on "Changed".entity = ${entity}
      and "Changed".amendment_id = "Amendment".id and not "Changed".deleted
    join ${rowsOf('Subscription', 'Amended')} on "Amended".entity = ${entity} and "Amended".id = "Changed".subscription_id
    where ${ofAmendments(entity, type)}
    group by "Amendment".id, "Amended".name`;

const ofAmendments = (entity: string, type: string): RawBuilder<boolean> =>
  sql<boolean>`"Amendment".entity = ${entity} and ${isType('Amendment', type)} and not "Amendment".deleted`;

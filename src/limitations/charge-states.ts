import { type RawBuilder, sql } from 'kysely';

import { chargeSegment } from './charge.ts';
import { fromCharges, notFlagged } from './charges.ts';
import type { Footprint, Hit, StoppedState } from './limitation.ts';
import { rowsOf } from './rows.ts';

/**
 * `OriginalId.Segment@Version`: versions of a subscription that carry a segment over as it was have the same; the
 * earliest of them made or changed it (design 9 (28)).
 */
export const chargeState = (charge: string): RawBuilder<string | null> =>
  sql<string | null>`(${chargeSegment(charge)} || '@' || ${sql.id(charge, 'version')})`;

/**
 * The states that certain versions of subscriptions made or changed. `versions` are rows of `name`, `version` and
 * `detail`. `carried` asks for the states of all versions after them, too, and of charges like that also where these
 * versions carried them over as they were.
 */
export const statesMadeBy = (
  entity: string,
  versions: RawBuilder<unknown>,
  { carried }: { readonly carried?: (charge: string) => RawBuilder<boolean> } = {},
): RawBuilder<StoppedState> => sql<StoppedState>`
    with doing as materialized (${versions})
    select made.state, doing.version as since, doing.detail
    from (
      select ${chargeState('RatePlanCharge')} as state, "Subscription".name, min("Subscription".version) as version,
        max("Subscription".version) as until, bool_or(${carried === undefined ? sql`false` : carried('RatePlanCharge')}) as carried
      from (select distinct name from doing) as concerned
      join ${rowsOf('Subscription')} on "Subscription".entity = ${entity} and "Subscription".name = concerned.name
        and not "Subscription".deleted
      join ${rowsOf('RatePlanCharge')} on "RatePlanCharge".entity = ${entity}
        and "RatePlanCharge".subscription_id = "Subscription".id and not "RatePlanCharge".deleted
      group by 1, 2
    ) as made
    join doing on doing.name = made.name and ${
      carried === undefined
        ? sql`doing.version = made.version`
        : sql`doing.version <= case when made.carried then made.until else made.version end`
    }`;

/** The newest row of each segment that is in one of these states, and is to be booked. */
export function segmentsIn(
  states: (entity: string) => RawBuilder<StoppedState>,
  objects: readonly string[],
): Footprint {
  return {
    objects: ['RatePlanCharge', 'Subscription', 'ProductRatePlanCharge', ...objects],
    hits: (entity) => sql<Hit>`
    select 'RatePlanCharge' as object, "RatePlanCharge".id, "ChargeContractualValueAllCharges".amount,
      "Account".currency, stopped.detail
    ${fromCharges(entity)}
    join (
      select state, min(since) as since, min(detail) as detail from (${states(entity)}) as each group by state
    ) as stopped on stopped.state = ${chargeState('RatePlanCharge')} and stopped.since <= "Subscription".version
    where "RatePlanCharge".entity = ${entity} and not "RatePlanCharge".deleted and ${notFlagged} and not exists (
      select from ${rowsOf('RatePlanCharge', 'Newer')}
      join ${rowsOf('Subscription', 'NewerVersion')} on "NewerVersion".entity = "Newer".entity
        and "NewerVersion".id = "Newer".subscription_id and not "NewerVersion".deleted
      where "Newer".entity = ${entity} and not "Newer".deleted
        and ${chargeSegment('Newer')} = ${chargeSegment('RatePlanCharge')}
        and "NewerVersion".version > "Subscription".version
    )`,
  };
}

import { type RawBuilder, sql } from 'kysely';

import { CHARGE_STOPS } from '../../limitations/all-limitations.ts';
import { chargeState } from '../../limitations/charge-states.ts';
import { chargeSegment, isPercentageDiscount } from '../../limitations/charge.ts';
import { fromCharges } from '../../limitations/charges.ts';
import { rowsOf } from '../../limitations/rows.ts';
import type { Db } from '../database.ts';
import type { LineTables } from '../transform/line-tables.ts';
import { UNCOLLECTED } from '../lines/uncollected.ts';
import { byKey } from '../recollect/by-key.ts';
import { STOPS } from './charge-stops.ts';

/**
 * For the transaction:
 *
 * - `stopped_state`: `state` (`chargeState`) of the charge segments that unsupported actions made or met, and what they
 *   are held by, `holds`, each `id:detail`, each from the subscription version in `since` on. Mostly there are few.
 * - `freed_line`: SO lines that a rule (`limitation`) leaves alone since a person released one that it had stopped.
 * - `stopped_charge`: the charges (`id`, `segment`) that are discounted by percentage and stopped, and the `holds` that
 *   their discounts have from it; `discounts` limits the rows `pair` of DiscountContractualValues that are looked at.
 */
export async function takeStoppedStates(
  trx: Db,
  entity: string,
  { discounts = sql`true` }: { readonly discounts?: RawBuilder<unknown> } = {},
): Promise<void> {
  await sql`drop table if exists pg_temp.stopped_state, pg_temp.freed_line, pg_temp.stopped_charge, pg_temp.discounted`.execute(
    trx,
  );
  const states = sql`
    create temporary table stopped_state on commit drop as
    select state, array_agg(hold order by hold) as holds, array_agg(since order by hold) as since
    from (
      select state, hold, min(since) as since from (${statesOfAll(entity)}) as each (state, since, hold)
      where state is not null group by state, hold
    ) as stopped group by state`;
  await byKey(trx, () => states.execute(trx));
  await sql`analyze stopped_state`.execute(trx);
  await sql`
    create temporary table freed_line on commit drop as
    select distinct l.so_line_id, f.limitation
    from staging.release as d
    join (values ${FREEING}) as f (limitation, released_as) on f.released_as = d.released_as
    join revenue.line as r on r.entity = d.entity and r.line = d.line
    join staging.line as l on l.entity = d.entity and l.id = d.line
    where d.entity = ${entity} and exists (
      select from unnest(l.withheld) as w where split_part(w, ':', 1) = f.limitation
    )`.execute(trx);
  await takeStoppedCharges(trx, entity, discounts);
}

/** By the keys of what is discounted: mostly few of all charges, and in a later run few of these. */
async function takeStoppedCharges(trx: Db, entity: string, discounts: RawBuilder<unknown>): Promise<void> {
  await sql`
    create temporary table discounted on commit drop as
    select distinct pair.rate_plan_charge_id as id from ${rowsOf('DiscountContractualValues', 'pair')}
    where pair.entity = ${entity} and not pair.deleted and ${discounts}`.execute(trx);
  await sql`analyze discounted`.execute(trx);
  const take = sql`
    create temporary table stopped_charge on commit drop as
    select id, segment, array(
      select split_part(h, ':', 1) || ':what it discounts, RatePlanCharge ' || id || ', is stopped: ' ||
        substr(h, strpos(h, ':') + 1)
      from unnest(holds) as h order by h
    ) as holds
    from (
      select c.id, c.segment, ${stopsOf({ byCharge: sql`c.stops`, soLineId: sql`c.segment`, version: sql`c.version` })} as holds
      from (
        select "RatePlanCharge".id, ${AS_IT_IS}
        ${fromCharges(entity)}
        where "RatePlanCharge".entity = ${entity} and not "RatePlanCharge".deleted
          and "RatePlanCharge".id in (select id from discounted)
        offset 0
      ) as c
      ${besideStates(sql`c.state`)}
      offset 0
    ) as charges
    where cardinality(holds) > 0`;
  await byKey(trx, () => take.execute(trx));
  await sql`analyze stopped_charge`.execute(trx);
}

/** What tells of a charge whether it is stopped. */
const AS_IT_IS = sql`${STOPS} as stops, ${chargeState('RatePlanCharge')} as state,
          ${chargeSegment('RatePlanCharge')} as segment, "Subscription".version`;

const statesOfAll = (entity: string): RawBuilder<unknown> =>
  sql.join(
    [
      sql`select null::text, null::integer, null::text`,
      ...CHARGE_STOPS.flatMap(({ id, stop: { states } }) =>
        states === undefined
          ? []
          : [sql`select state, since, ${sql.lit(`${id}:`)} || detail from (${states(entity)}) as s`],
      ),
    ],
    sql` union all `,
  );

const FREEING = sql.join([
  sql`(null::text, null::text)`,
  ...CHARGE_STOPS.flatMap(({ id, stop: { freedAs } }) =>
    freedAs === undefined ? [] : [sql`(${sql.lit(id)}, ${sql.lit(freedAs)})`],
  ),
]);

/** Joins to something with a `chargeState` the row of `stopped_state`, as `stopped`. */
export const besideStates = (state: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`left join stopped_state as stopped on stopped.state = ${state}`;

/** Joins to the line of a percentage discount the row of `stopped_charge` that it discounts, as `behind`. */
export const besideDiscounted = (charge: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`left join stopped_charge as behind on behind.id = ${charge}`;

/** A booking: the holds by its charge as it is, its SO line and its subscription version. */
interface Booking {
  readonly byCharge: RawBuilder<string[]>;
  readonly soLineId: RawBuilder<unknown>;
  readonly version: RawBuilder<unknown>;
}

const isFree = (hold: string, soLineId: RawBuilder<unknown>): RawBuilder<boolean> => sql<boolean>`exists (
        select from freed_line as free
        where free.so_line_id = ${soLineId} and free.limitation = split_part(${sql.ref(hold)}, ':', 1)
      )`;

/** What stops the booking of a charge, by the charge and by what was done to it. */
const stopsOf = ({ byCharge, soLineId, version }: Booking): RawBuilder<string[]> =>
  sql<string[]>`case when stopped.state is null then ${byCharge} else ${byCharge} || array(
      select own.h from unnest(stopped.holds, stopped.since) as own (h, since)
      where own.since <= ${version} and not ${isFree('own.h', soLineId)} order by own.h
    ) end`;

/** All that stops a booking: beside that what stops the charge it discounts, told once where it is the same rule. */
export const allStops = (booking: Booking): RawBuilder<string[]> => {
  const own = stopsOf(booking);
  return sql<string[]>`case when behind.id is null then ${own} else ${own} || array(
      select taken.h from unnest(behind.holds) as taken (h)
      where not ${isFree('taken.h', booking.soLineId)} and not exists (
        select from unnest(${own}) as o where split_part(o, ':', 1) = split_part(taken.h, ':', 1)
      ) order by taken.h
    ) end`;
};

/** The discounts whose lines a run may form: one of their rows changed since, or nobody collected them yet. */
export function discountsToForm(
  entity: string,
  tables: Pick<LineTables, 'line' | 'state'>,
  since: string,
): RawBuilder<unknown> {
  if (since === '0') return sql`true`;
  const changed = sql`(
        select changed.id from ${rowsOf('RatePlanCharge', 'changed')}
        where changed.entity = ${entity} and changed.changed_run > ${since}::bigint
      )`;
  return sql`(
      pair.changed_run > ${since}::bigint
      or pair.discount_rate_plan_charge_id in ${changed} or pair.rate_plan_charge_id in ${changed}
      or pair.discount_rate_plan_charge_id in (
        select b.source_id from ${tables.line} as b
        join ${tables.state} as u on u.entity = b.entity and u.id = b.id and u.status in ${UNCOLLECTED}
        where b.entity = ${entity} and b.source_object = 'RatePlanCharge'
      )
    )`;
}

const IDS = sql.join(CHARGE_STOPS.map(({ id }) => sql.lit(id)));

/**
 * Drivers of bookings nobody collected that would be stopped otherwise than they are, whatever the reason: an action
 * became known later, an invoice was posted or deleted, a person made a contract, a rule is new.
 */
export const stoppedOtherwise = (
  entity: string,
  tables: Pick<LineTables, 'line' | 'state'>,
): RawBuilder<unknown> => sql`
    select l.source_id as id
    from (
      select "RatePlanCharge".id, ${AS_IT_IS}, ${isPercentageDiscount('RatePlanCharge')} as by_percentage
      ${fromCharges(entity)}
      where "RatePlanCharge".entity = ${entity} and not "RatePlanCharge".deleted and "RatePlanCharge".id in (
        select b.source_id from ${tables.line} as b
        join ${tables.state} as u on u.entity = b.entity and u.id = b.id and u.status in ${UNCOLLECTED}
        where b.entity = ${entity} and b.source_object = 'RatePlanCharge'
      )
      offset 0
    ) as c
    ${besideStates(sql`c.state`)}
    join ${tables.line} as l on l.entity = ${entity} and l.source_object = 'RatePlanCharge' and l.source_id = c.id
    join ${tables.state} as s on s.entity = l.entity and s.id = l.id and s.status in ${UNCOLLECTED}
    left join (
      select pair.discount_rate_plan_charge_id as discount, charge.*
      from stopped_charge as charge
      join ${rowsOf('DiscountContractualValues', 'pair')} on pair.entity = ${entity}
        and pair.rate_plan_charge_id = charge.id and not pair.deleted
    ) as behind on c.by_percentage and behind.discount = c.id and l.so_line_id = behind.segment || '.' || c.segment
    where l.form = 1
      and (l.withheld is not null or cardinality(c.stops) > 0 or stopped.state is not null or behind.id is not null)
      and not exists (select from unnest(l.withheld) as w where w like 'orphan-%')
      and array(select w from unnest(l.withheld) as w where split_part(w, ':', 1) in (${IDS}) order by 1)
        is distinct from array(select w from unnest(${allStops({ byCharge: sql`c.stops`, soLineId: sql`l.so_line_id`, version: sql`c.version` })}) as w order by 1)`;

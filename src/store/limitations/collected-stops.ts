import { type RawBuilder, sql } from 'kysely';

import type { FindingText } from '../../domain/findings.ts';
import { LIMITATIONS } from '../../limitations/all-limitations.ts';
import { chargeState } from '../../limitations/charge-states.ts';
import { chargeSegment, isPercentageDiscount } from '../../limitations/charge.ts';
import { fromCharges, isOwn, notFlagged } from '../../limitations/charges.ts';
import { rowsOf } from '../../limitations/rows.ts';
import type { Db } from '../database.ts';
import { STOPS } from './charge-stops.ts';
import { keepFindings, type Reporting } from './keep-findings.ts';
import { allStops, besideStates, takeStoppedStates } from './stopped-states.ts';

/** The rules that stop bookings. */
export const STOPPING = LIMITATIONS.filter(({ stop }) => stop !== null);

/** What a person reads where one of them comes too late. */
export const COLLECTED_STOPS: Readonly<Record<string, FindingText>> = Object.fromEntries(
  STOPPING.map(({ id, remedy }) => [
    id,
    {
      message: `{source} is collected as {line}, which the known limitation ${id} would stop now: {detail}.`,
      remedy: `What is collected is not taken back by itself: compare it with what is billed, and correct the difference by a manual entry or by a new subscription version. ${remedy}`,
    },
  ]),
);

/** Whether any such finding is open: it may be over by a collection alone. */
export async function anyCollectedStop(trx: Db, entity: string): Promise<boolean> {
  const { rows } = await sql<{ some: boolean }>`
    select exists (
      select from staging.finding
      where entity = ${entity} and finding = any(${Object.keys(COLLECTED_STOPS)}::text[]) and resolved_at is null
    ) as some`.execute(trx);
  return rows[0]?.some === true;
}

/**
 * Opens a finding for every SO line that stands in a contract and that a rule would stop if it came now, since an action
 * became known late or the charge changed, and resolves it when that is over. None for a line that a person released.
 */
export async function reportCollectedStops(trx: Db, reporting: Reporting): Promise<void> {
  const { entity } = reporting;
  const { rows } = await sql<{ some: boolean }>`
    select exists (select from revenue.booking where entity = ${entity}) as some`.execute(trx);
  if (rows[0]?.some !== true) return;
  await takeStoppedStates(trx, entity);
  await keepFindings(trx, reporting, { texts: COLLECTED_STOPS, wanted: stoppedNow(entity) });
}

/** A row for each standing SO line and rule; what a flag excludes now is stopped by none. */
const stoppedNow = (entity: string): RawBuilder<unknown> => sql`
    select split_part(h.hold, ':', 1) as finding, 'RatePlanCharge' as object, c.id, l.id as line,
      l.ext_sell_price as amount, l.transaction_currency as currency, substr(h.hold, strpos(h.hold, ':') + 1) as detail
    from (${charges(entity)} offset 0) as c
    ${besideStates(sql`c.state`)}
    join staging.line as l on l.entity = ${entity} and l.source_object = 'RatePlanCharge' and l.source_id = c.id
    join revenue.booking as b on b.entity = l.entity and b.line = l.id
    left join (
      select pair.discount_rate_plan_charge_id as discount, charge.*
      from stopped_charge as charge
      join ${rowsOf('DiscountContractualValues', 'pair')} on pair.entity = ${entity}
        and pair.rate_plan_charge_id = charge.id and not pair.deleted
    ) as behind on c.by_percentage and behind.discount = c.id and l.so_line_id = behind.segment || '.' || c.segment
    cross join lateral unnest(${STOPPED}) as h (hold)
    where (cardinality(c.stops) > 0 or stopped.state is not null or behind.id is not null) and not exists (
      select from staging.release as d
      where d.entity = l.entity and d.line = l.id and d.released_as <> 'rejected'
    )`;

const STOPPED = allStops({
  byCharge: sql<string[]>`c.stops`,
  soLineId: sql`l.so_line_id`,
  version: sql`c.version`,
});

const charges = (entity: string): RawBuilder<unknown> => sql`
      select "RatePlanCharge".id, ${STOPS} as stops, ${chargeState('RatePlanCharge')} as state,
        ${chargeSegment('RatePlanCharge')} as segment, "Subscription".version,
        ${isPercentageDiscount('RatePlanCharge')} as by_percentage
      ${fromCharges(entity)}
      where ${isOwn(entity)} and ${notFlagged}`;

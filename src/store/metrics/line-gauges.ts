import { sql } from 'kysely';

import type { Db } from '../database.ts';

/** Lines that are not collected, and what holds them. */
export interface LineGauges {
  readonly holds: readonly {
    readonly org: string;
    readonly limitation: string;
    readonly kind: string;
    readonly count: number;
  }[];
  /** Every organisation with every status, 0 included. */
  readonly waiting: readonly { readonly org: string; readonly status: string; readonly count: number }[];
}

/** The statuses of the partial index `line_state_open`, which alone is read for them. */
export const WAITING_STATUSES = ['ready', 'held', 'waiting', 'stopped'] as const;

/**
 * Counts holds and uncollected lines. Reads staging.hold and an index of staging.line_state, never a line: what it
 * costs grows with what waits, not with what was collected.
 */
export async function lineGauges(db: Db): Promise<LineGauges> {
  const { rows } = await sql<LineGauges>`select ${HOLDS} as holds, ${WAITING} as waiting`.execute(db);
  const [gauges] = rows;
  if (gauges === undefined) throw new TypeError('a query without rows');
  return gauges;
}

const HOLDS = sql`(
  select coalesce(jsonb_agg(jsonb_build_object('org', org, 'limitation', limitation, 'kind', kind, 'count', holds)), '[]')
  from (select org, limitation, kind, count(*) as holds from staging.hold group by 1, 2, 3) as h)`;

const WAITING = sql`(
  with counted as (
    select org, status, count(*) as lines from staging.line_state
    where status in (${sql.join(WAITING_STATUSES.map((status) => sql.lit(status)))}) group by 1, 2
  )
  select coalesce(jsonb_agg(jsonb_build_object('org', o.org, 'status', s.status, 'count', coalesce(c.lines, 0))), '[]')
  from control.organization as o
  cross join unnest(array[${sql.join(WAITING_STATUSES.map((status) => sql.lit(status)))}]) as s (status)
  left join counted as c on c.org = o.org and c.status = s.status)`;

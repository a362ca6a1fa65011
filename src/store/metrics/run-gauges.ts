import { sql } from 'kysely';

import type { Db } from '../database.ts';

/** What the runs of an entity that has had one tell. Seconds; instants are seconds since 1970. */
export interface EntityGauges {
  readonly entity: string;
  readonly org: string;
  /** How far the entity is synced, and how long ago that is; null before its first completed run. */
  readonly mark: number | null;
  readonly lag: number | null;
  /** 0 where no run was ever completed. */
  readonly lastSuccess: number;
  /** Of the newest run that is over. */
  readonly lastDuration: number | null;
  /** 0 where none is open. */
  readonly open: number;
  /** Objects whose classes do not add up, in the newest run that came as far as its balance. */
  readonly differences: number;
}

export interface RunGauges {
  readonly entities: readonly EntityGauges[];
  /** Runs that are over, by outcome: `completed`, `nothing-to-do` or `aborted`. */
  readonly runs: readonly { readonly entity: string; readonly outcome: string; readonly count: number }[];
  /** Rows of each object in the newest run, as far as they are loaded. */
  readonly rows: readonly {
    readonly entity: string;
    readonly object: string;
    readonly extracted: number;
    readonly changed: number;
    readonly unchanged: number;
    readonly rejected: number;
  }[];
}

/**
 * What the runs tell, in one statement that reads control.run once and everything else by key. Whoever sees some
 * organisations only is told of their entities only.
 */
export async function runGauges(db: Db): Promise<RunGauges> {
  const { rows } = await sql<RunGauges>`
    with seen as materialized (
      select entity, state, case state when 'aborted' then 'aborted' else outcome end as outcome,
        count(*) as runs, sum(idle_runs) as idle, max(run) as newest,
        -- An open run whose findings are reported is at its balance; before that its classes cannot add up yet.
        max(run) filter (where state = 'completed' or rules is not null) as struck
      from control.run group by 1, 2, 3
    ), newest as (
      select entity, max(newest) as run, max(struck) as struck,
        max(newest) filter (where state = 'completed') as completed,
        max(newest) filter (where state <> 'open') as closed,
        max(newest) filter (where state = 'open') as opened
      from seen group by 1
    )
    select ${ENTITIES} as entities, ${COUNTS} as runs, ${ROWS} as rows`.execute(db);
  const [gauges] = rows;
  if (gauges === undefined) throw new TypeError('a query without rows');
  return gauges;
}

const epoch = (instant: string) => sql`extract(epoch from ${sql.raw(instant)})`;

const ENTITIES = sql`(
  select coalesce(jsonb_agg(jsonb_build_object(
      'entity', e.entity, 'org', e.org,
      'mark', case when isfinite(m.high_water) then ${epoch('m.high_water')} end,
      'lag', case when isfinite(m.high_water) then ${epoch('now() - m.high_water')} end,
      'lastSuccess', coalesce(${epoch('done.closed_at')}, 0),
      'lastDuration', ${epoch('closed.closed_at - closed.opened_at')},
      'open', coalesce(${epoch('now() - opened.opened_at')}, 0),
      'differences', (
        select count(distinct b.object) from control.balance as b where b.run = n.struck
          and b.extracted <> b.staged + b.held + b.rejected + b.excluded + b.unchanged + b.reference)
    ) order by e.entity), '[]')
  from newest as n
  join control.entity as e using (entity)
  left join control.mark as m using (entity)
  left join control.run as done on done.run = n.completed
  left join control.run as closed on closed.run = n.closed
  left join control.run as opened on opened.run = n.opened)`;

// Idle runs that were folded into a later one had the outcome `nothing-to-do`.
const COUNTS = sql`(
  select coalesce(jsonb_agg(jsonb_build_object('entity', entity, 'outcome', outcome, 'count', runs)), '[]')
  from (
    select entity, outcome, sum(runs) as runs from (
      select entity, outcome, runs from seen where state <> 'open'
      union all
      select entity, 'nothing-to-do', idle from seen where idle > 0
    ) as kept_or_folded group by 1, 2
  ) as counted)`;

const ROWS = sql`(
  select coalesce(jsonb_agg(jsonb_build_object('entity', entity, 'object', object, 'extracted', extracted,
    'changed', changed, 'unchanged', unchanged, 'rejected', rejected)), '[]')
  from (
    select n.entity, x.object, sum(x.extracted) as extracted, sum(x.changed) as changed,
      sum(x.unchanged) as unchanged, sum(x.rejected) as rejected
    from newest as n join control.extract as x using (run) group by 1, 2
  ) as loaded)`;

import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import type { Db } from '../database.ts';
import { orgOf } from '../tenancy/org-of.ts';

/** Where an entity is on its way to Invoice Settlement. */
export interface SettlementState {
  readonly entity: string;
  readonly org: string;
  /** As the newest run found it; null before the first. */
  readonly settled: boolean | null;
  /** The day from which corrections count as memos; null: there was no other time. */
  readonly switchDate: string | null;
  /** Whether any run over the standing window is completed. */
  readonly hasRuns: boolean;
  /** Of its backfill; null before that. */
  readonly backfill: 'open' | 'done' | null;
}

/** Throws nothing for an entity without a backfill; the entity itself has to be there. */
export async function settlementState(db: Db, entity: string): Promise<SettlementState> {
  const { rows } = await sql<SettlementState>`
    select e.entity, e.org, e.invoice_settlement as settled, e.settled_on as "switchDate",
      exists (
        select from control.run as r where r.entity = e.entity and r.state = 'completed' and r.moves_mark
      ) as "hasRuns", s.state as backfill
    from control.entity as e left join control.settlement_switch as s on s.entity = e.entity
    where e.entity = ${entity}`.execute(db);
  const [found] = rows;
  if (found === undefined) throw new Error(`no entity ${entity}`);
  return found;
}

/** Begins the backfill of an entity, or goes on with it. */
export async function openSwitch(db: Db, entity: string): Promise<void> {
  await db
    .insertInto('control.settlement_switch')
    .values({ entity, org: orgOf(entity), frozen_to: null, closed_at: null })
    .onConflict((conflict) => conflict.column('entity').doNothing())
    .execute();
}

/**
 * Lets memos take over: credits count as memos from now on, adjustments only when they are dated before the day. The
 * day is chosen once. Answers it.
 *
 * @param at the instant whose day, where the entity is, is the switch date when none is given
 * @throws RevsyncError `SWITCH_DATE_FIXED` when another day is recorded already
 */
export async function switchOver(
  db: Db,
  { entity, switchDate, at }: { entity: string; switchDate: string | undefined; at: string },
): Promise<string | null> {
  await sql`
    update control.entity set invoice_settlement = true,
      settled_on = coalesce(${switchDate ?? null}::date, ${dayOf(at)})
    where entity = ${entity} and invoice_settlement is not true`.execute(db);
  const state = await settlementState(db, entity);
  requireSwitchDate(state, switchDate);
  return state.switchDate;
}

/**
 * Refuses another day than the one that memos took over on; before that any day is fine.
 *
 * @throws RevsyncError `SWITCH_DATE_FIXED`
 */
export function requireSwitchDate(
  { entity, settled, switchDate: recorded }: SettlementState,
  asked: string | undefined,
): void {
  if (settled === true && asked !== undefined && recorded !== asked) throw fixed(entity, recorded, asked);
}

/** The day of an instant where the entity is; UTC where that is not known. For statements on `control.entity`. */
export const dayOf = (at: string) => sql<string>`(${at}::timestamptz at time zone coalesce((
    select name from pg_timezone_names where name = timezone
  ), 'UTC'))::date`;

function fixed(entity: string, recorded: string | null, asked: string): RevsyncError {
  const since = recorded === null ? 'from the first run on' : `since ${recorded}`;
  return new RevsyncError(`The memos of ${entity} count ${since}, not from ${asked} on.`, {
    code: 'SWITCH_DATE_FIXED',
    fate: 'fix-input',
    remedy:
      'Lines were formed by that day and may be collected, so it stays. Abort, and start again without a switch date.',
    context: { entity },
  });
}

/** Keeps what was paused, beside what an earlier run paused; what was resumed before counts anew. */
export async function rememberPaused(db: Db, entity: string, paused: readonly string[]): Promise<void> {
  await sql`
    update control.settlement_switch set resumed = '{}', paused = array(
      select distinct id from unnest(paused || ${[...paused]}::text[]) as p (id) order by id
    )
    where entity = ${entity}`.execute(db);
}

export async function rememberResumed(db: Db, entity: string, resumed: readonly string[]): Promise<void> {
  await db
    .updateTable('control.settlement_switch')
    .set({ resumed: [...resumed] })
    .where('entity', '=', entity)
    .execute();
}

/** Ends the backfill; its proof has to be there. */
export async function closeSwitch(db: Db, entity: string): Promise<void> {
  await sql`
    update control.settlement_switch set state = 'done', closed_at = now()
    where entity = ${entity} and state = 'open'`.execute(db);
}

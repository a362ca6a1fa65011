import { sql } from 'kysely';

import type { Db } from './database.ts';
import { instantText } from './instant-text.ts';

/** What a run reads beside its export; `side` as control.side_extract names it. */
export interface Side {
  readonly state: 'open' | 'done' | 'absent' | 'skipped';
  /** What came of it, in words; empty while it is open. */
  readonly note: string;
  /** `[from, to)`, ISO instants; `from` null: from the beginning. */
  readonly from: string | null;
  readonly to: string;
}

/** One query of a side. `part` names the slice: an object, or a span of time. */
export interface SideJob {
  readonly part: string;
  readonly object: string;
  readonly query: string;
  /** Billing's id of it, or null before it is asked for. */
  readonly job: string | null;
  /** How often it was asked for. */
  readonly tries: number;
  /** Rows of its result as exact text, or null before it is done. */
  readonly rows: string | null;
  readonly loaded: boolean;
}

type PlannedJob = Pick<SideJob, 'part' | 'object' | 'query'>;
interface Of {
  readonly run: string;
  readonly org: string;
}

/** Opens a side of a run, or answers the one there is: its span is frozen by the first call. */
export async function openSide(
  db: Db,
  { run, entity, org, side, from, to }: Of & { entity: string; side: string } & Pick<Side, 'from' | 'to'>,
): Promise<Side> {
  await db
    .insertInto('control.side_extract')
    .values({ run, entity, org, side, window_from: from, window_to: to })
    .onConflict((conflict) => conflict.columns(['run', 'side']).doNothing())
    .execute();
  const row = await db
    .selectFrom('control.side_extract')
    .select(['state', 'note'])
    .select(sql<string | null>`${instantText(sql`window_from`)}`.as('from'))
    .select(instantText(sql`window_to`).as('to'))
    .where('run', '=', run)
    .where('side', '=', side)
    .executeTakeFirstOrThrow();
  return { ...row, from: row.from === null ? null : seconds(row.from), to: seconds(row.to) };
}

/** Without a fraction that is zero anyway: windows have whole seconds. */
const seconds = (instant: string): string => instant.replace(/\.0+Z$/, 'Z');

/** The sides of a run that are neither done nor skipped, in the order of their names. */
export async function openSides(db: Db, run: string): Promise<string[]> {
  const rows = await db
    .selectFrom('control.side_extract')
    .select('side')
    .where('run', '=', run)
    .where('state', '=', 'open')
    .orderBy('side')
    .execute();
  return rows.map(({ side }) => side);
}

/** Ends an open side; one that has ended stays as it is. */
export async function closeSide(
  db: Db,
  run: string,
  side: string,
  { state, note }: { state: 'done' | 'absent' | 'skipped'; note: string },
): Promise<void> {
  await db
    .updateTable('control.side_extract')
    .set({ state, note })
    .where('run', '=', run)
    .where('side', '=', side)
    .where('state', '=', 'open')
    .execute();
}

/** The jobs of a side, in the order of their parts. */
export async function sideJobs(db: Db, run: string, side: string): Promise<SideJob[]> {
  return db
    .selectFrom('control.side_job')
    .select(['part', 'object', 'query', 'job', 'tries', 'rows', 'loaded'])
    .where('run', '=', run)
    .where('side', '=', side)
    .orderBy('part')
    .execute();
}

/** Plans a side's queries, once: where it has jobs already, nothing is added. */
export async function planSideJobs(
  db: Db,
  { run, org }: Of,
  side: string,
  planned: readonly PlannedJob[],
): Promise<void> {
  if ((await sideJobs(db, run, side)).length > 0) return;
  await insertJobs(db, { run, org }, side, planned);
}

/** Puts other parts in the place of one: slices of what is too much at once. */
export async function replaceSideJob(
  db: Db,
  { run, org }: Of,
  side: string,
  part: string,
  parts: readonly PlannedJob[],
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .deleteFrom('control.side_job')
      .where('run', '=', run)
      .where('side', '=', side)
      .where('part', '=', part)
      .execute();
    await insertJobs(trx, { run, org }, side, parts);
  });
}

async function insertJobs(
  db: Db,
  { run, org }: Of,
  side: string,
  planned: readonly PlannedJob[],
): Promise<void> {
  if (planned.length === 0) return;
  await db
    .insertInto('control.side_job')
    .values(
      planned.map(({ part, object, query }) => ({
        run,
        org,
        side,
        part,
        object,
        query,
        job: null,
        rows: null,
      })),
    )
    .onConflict((conflict) => conflict.columns(['run', 'side', 'part']).doNothing())
    .execute();
}

/** Notes what has become known of a job; what is not named stays. */
export async function rememberSideJob(
  db: Db,
  run: string,
  side: string,
  part: string,
  known: Partial<Pick<SideJob, 'job' | 'rows' | 'loaded'>>,
): Promise<void> {
  await db
    .updateTable('control.side_job')
    .set(known)
    .$if(typeof known.job === 'string', (query) => query.set({ tries: sql`tries + 1` }))
    .where('run', '=', run)
    .where('side', '=', side)
    .where('part', '=', part)
    .execute();
}

/** Forgets a job that cannot be used any more: its query is asked for again. */
export async function forgetSideJob(db: Db, run: string, side: string, part: string): Promise<void> {
  await rememberSideJob(db, run, side, part, { job: null, rows: null, loaded: false });
}

/** How far a side of the entity is read, an ISO instant, or null before its first completed run. */
export async function sideMark(db: Db, entity: string, side: string): Promise<string | null> {
  const row = await db
    .selectFrom('control.side_mark')
    .select(instantText(sql`high_water`).as('mark'))
    .where('entity', '=', entity)
    .where('side', '=', side)
    .executeTakeFirst();
  return row?.mark ?? null;
}

/**
 * Moves the mark of every side that the run has done to the end of its span, never back. Belongs into the
 * transaction that completes a run over the standing window; the mark of a side that was absent or skipped stays.
 */
export async function moveSideMarks(trx: Db, run: string): Promise<void> {
  await sql`
    insert into control.side_mark (entity, org, side, high_water)
    select entity, org, side, window_to from control.side_extract where run = ${run} and state = 'done'
    on conflict (entity, side) do update set org = excluded.org,
      high_water = greatest(side_mark.high_water, excluded.high_water)`.execute(trx);
}

/** Whether the export of an object can tell deleted rows, by object, as far as Billing has answered. */
export async function knownDeletes(db: Db, entity: string): Promise<Map<string, boolean>> {
  const rows = await db
    .selectFrom('control.deletes_capability')
    .select(['object', 'supported'])
    .where('entity', '=', entity)
    .execute();
  return new Map(rows.map(({ object, supported }) => [object, supported]));
}

/** Remembers what Billing answered; objects that are not among the answers keep the one they have. */
export async function rememberDeletes(
  db: Db,
  { entity, org }: { entity: string; org: string },
  answers: ReadonlyMap<string, boolean>,
): Promise<void> {
  if (answers.size === 0) return;
  await db
    .insertInto('control.deletes_capability')
    .values([...answers].map(([object, supported]) => ({ entity, org, object, supported })))
    .onConflict((conflict) =>
      conflict.columns(['entity', 'object']).doUpdateSet({
        org: sql`excluded.org`,
        supported: sql`excluded.supported`,
        probed_at: sql`now()`,
      }),
    )
    .execute();
}

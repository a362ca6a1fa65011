import { sql } from 'kysely';

import { RevsyncError } from '../domain/errors.ts';
import type { Mark, SyncWindow } from '../domain/sync/window.ts';
import type { Db } from './database.ts';
import { foldIdleRun } from './fold-idle-run.ts';
import { moveSideMarks } from './sides.ts';
import { lastRunNumber } from './transform/last-run.ts';

/** Who works on a run or a collection: a workflow and its run id. */
export interface Owner {
  readonly workflowId: string;
  readonly runId: string;
}

export interface OpenRun {
  readonly run: string;
  readonly entity: string;
  readonly org: string;
  readonly windowFrom: string | null;
  readonly windowTo: string;
  readonly exportJob: string | null;
  readonly owner: Owner;
}

/** A chosen subscription or account, or chosen objects; empty for everything. */
export type Selection = Readonly<{ subscription?: string; account?: string; objects?: readonly string[] }>;

export interface RunWindow extends SyncWindow {
  /** False for a run over a chosen window, subscription or account. */
  readonly movesMark: boolean;
  readonly selection: Selection;
  /** Whether a loop opened it; default false. */
  readonly light?: boolean;
  /** Whether it reads state objects whole; default true. */
  readonly whole?: boolean;
}

/** What a run was opened for, besides its window. */
export type RunScope = Pick<RunWindow, 'movesMark' | 'selection' | 'lookBack'> & { readonly whole: boolean };

/** The job that a run asked Billing for, and what it reads beside it. */
export interface RunExport {
  readonly job: string;
  /** Objects that it was asked for, each followed by a fingerprint of its columns. */
  readonly asked: readonly string[];
  /** Whether Billing itself added what changed. */
  readonly stateful: boolean;
  readonly sides: readonly string[];
}

const isoText = (name: string) =>
  sql<string>`to_char(${sql.ref(name)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Without a fraction that is zero anyway: windows have whole seconds. */
const seconds = (instant: string): string => instant.replace(/\.0+Z$/, 'Z');

const RUN_COLUMNS = (db: Db) =>
  db
    .selectFrom('control.run')
    .select(['run', 'entity', 'org', 'export_job', 'owner_workflow', 'owner_run', 'outcome'])
    .select([isoText('window_from').as('window_from'), isoText('window_to').as('window_to')]);

type RunRow = Awaited<ReturnType<ReturnType<typeof RUN_COLUMNS>['executeTakeFirstOrThrow']>>;

const toOpenRun = (row: RunRow): OpenRun => ({
  run: row.run,
  entity: row.entity,
  org: row.org,
  windowFrom: row.window_from && seconds(row.window_from),
  windowTo: seconds(row.window_to),
  exportJob: row.export_job,
  owner: { workflowId: row.owner_workflow, runId: row.owner_run },
});

/** The run that an owner opened for an entity, whatever became of it. */
export async function runOf(db: Db, entity: string, owner: Owner): Promise<OpenRun | undefined> {
  const row = await RUN_COLUMNS(db)
    .where('entity', '=', entity)
    .where('owner_workflow', '=', owner.workflowId)
    .where('owner_run', '=', owner.runId)
    .executeTakeFirst();
  return row && toOpenRun(row);
}

/** The entity's open run, whoever owns it. */
export async function openRunOf(db: Db, entity: string): Promise<OpenRun | undefined> {
  const row = await RUN_COLUMNS(db)
    .where('entity', '=', entity)
    .where('state', '=', 'open')
    .executeTakeFirst();
  return row && toOpenRun(row);
}

/**
 * Opens a run for the owner, or answers undefined when another run of the entity is open: the partial
 * unique index decides, whatever the workflow ids are.
 */
export async function openRun(
  db: Db,
  { entity, org, owner, window }: { entity: string; org: string; owner: Owner; window: RunWindow },
): Promise<OpenRun | undefined> {
  const opened = await db
    .insertInto('control.run')
    .values({
      entity,
      org,
      owner_workflow: owner.workflowId,
      owner_run: owner.runId,
      window_from: window.from,
      window_to: window.to,
      moves_mark: window.movesMark,
      look_back: window.lookBack,
      light: window.light ?? false,
      whole: window.whole ?? true,
      sides: [],
      asked: [],
      selection: JSON.stringify(window.selection),
      export_job: null,
      outcome: null,
      closed_at: null,
    })
    .onConflict((conflict) => conflict.column('entity').where('state', '=', 'open').doNothing())
    .returning('run')
    .executeTakeFirst();
  return opened && runOf(db, entity, owner);
}

/** The export job of a run and the sides it reads, or null before there is one. */
export async function exportOf(db: Db, run: string): Promise<RunExport | null> {
  const row = await db
    .selectFrom('control.run')
    .select(['export_job', 'asked', 'sides', 'stateful'])
    .where('run', '=', run)
    .executeTakeFirst();
  return row?.export_job == null
    ? null
    : { job: row.export_job, asked: row.asked, sides: row.sides, stateful: row.stateful };
}

/** What a run was opened for. Throws when there is no such run. */
export async function scopeOf(db: Db, run: string): Promise<RunScope> {
  const row = await db
    .selectFrom('control.run')
    .select(['selection', 'moves_mark', 'look_back', 'whole'])
    .where('run', '=', run)
    .executeTakeFirstOrThrow();
  const { selection, moves_mark: movesMark, look_back: lookBack, whole } = row;
  return { selection, movesMark, lookBack, whole };
}

/** Whether the run is completed, and neither open nor given up. One that is folded into a later run was. */
export async function isCompleted(db: Db, run: string): Promise<boolean> {
  const state = await stateOf(db, run);
  return state === 'completed' || state === 'folded';
}

/**
 * Keeps the run from being completed or given up for the rest of the transaction. Late attempts of an
 * activity whose run is over stop here instead of writing into the next run's state; `alone`, a late
 * attempt and its successor write one after the other.
 *
 * @throws RevsyncError `RUN_IS_OVER`
 */
export async function requireOpenRun(db: Db, run: string, as: 'one of many' | 'alone' = 'one of many') {
  const found = db.selectFrom('control.run').select('run').where('run', '=', run).where('state', '=', 'open');
  const open = await (as === 'alone' ? found.forUpdate() : found.forShare()).executeTakeFirst();
  if (open === undefined) throw isOver(run);
}

const isOver = (run: string): RevsyncError =>
  new RevsyncError(`Run ${run} is over.`, {
    code: 'RUN_IS_OVER',
    fate: 'fix-input',
    remedy: 'Start a new sync; what this run loaded is taken up by it.',
    context: { run },
  });

/** Forgets the export job of an open run: the next try asks for another. */
export async function forgetExport(db: Db, run: string): Promise<void> {
  await db
    .updateTable('control.run')
    .set({ export_job: null })
    .where('run', '=', run)
    .where('state', '=', 'open')
    .execute();
}

/** Remembers the export job of an open run, so that a retry asks for no second one. */
export async function rememberExport(
  db: Db,
  run: string,
  { job, asked, sides, stateful }: RunExport,
): Promise<void> {
  await db
    .updateTable('control.run')
    .set({ export_job: job, asked: [...asked], sides: [...sides], stateful })
    .where('run', '=', run)
    .where('state', '=', 'open')
    .execute();
}

/**
 * Completes a run and moves the entity's mark to the end of its window, in one transaction: the only
 * place where the mark moves. Where neither it nor the run before brought anything, that one is folded into it
 * (`foldIdleRun`). Completing it again changes nothing.
 *
 * @throws RevsyncError `RUN_IS_OVER` for a run that was given up
 */
export async function completeRun(db: Db, run: string, outcome: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const completed = await trx
      .updateTable('control.run')
      .set({ state: 'completed', outcome, closed_at: sql`now()` })
      .where('run', '=', run)
      .where('state', '=', 'open')
      .returning(['entity', 'org', 'moves_mark'])
      .executeTakeFirst();
    if (completed === undefined) {
      if (await isCompleted(trx, run)) return;
      throw isOver(run);
    }
    const previous = await lastRunNumber(trx, completed.entity);
    // A run over a chosen window is seen through, too: what it changed is transformed, so `last_run`
    // moves, but the next window still starts where the last full one ended.
    await sql`
      insert into control.mark (entity, org, high_water, last_run, looked_back_to, whole_to)
      select entity, org, case when moves_mark then window_to else '-infinity' end, run,
        case when look_back and moves_mark and (not 'keys' = any(sides) or exists (
          select from control.side_extract as s where s.run = r.run and s.side = 'keys' and s.state = 'done'
        )) then window_to end,
        case when whole and moves_mark then window_to end
      from control.run as r where run = ${run}
      on conflict (entity) do update set last_run = excluded.last_run, org = excluded.org,
        high_water = greatest(mark.high_water, excluded.high_water),
        looked_back_to = greatest(mark.looked_back_to, excluded.looked_back_to),
        whole_to = greatest(mark.whole_to, excluded.whole_to)`.execute(trx);
    if (completed.moves_mark) await moveSideMarks(trx, run);
    await foldIdleRun(trx, { entity: completed.entity, run, previous });
  });
}

/** Whoever asks has opened the run: where there is no row any more, it was folded. */
async function stateOf(db: Db, run: string): Promise<'open' | 'completed' | 'aborted' | 'folded'> {
  const row = await db.selectFrom('control.run').select('state').where('run', '=', run).executeTakeFirst();
  return row?.state ?? 'folded';
}

/** Gives up an open run: what it loaded stays in pre-staging and the next run transforms it. */
export async function abortRun(db: Db, run: string, outcome: string): Promise<void> {
  await db
    .updateTable('control.run')
    .set({ state: 'aborted', outcome, closed_at: sql`now()` })
    .where('run', '=', run)
    .where('state', '=', 'open')
    .execute();
}

/** The entity's mark; both parts are null before its first completed run. */
export async function readMark(db: Db, entity: string): Promise<Mark> {
  const row = await db
    .selectFrom('control.mark')
    .select(
      sql<string | null>`case when isfinite(high_water) then ${isoText('high_water')} end`.as('highWater'),
    )
    .select(isoText('looked_back_to').as('lookedBackTo'))
    .where('entity', '=', entity)
    .executeTakeFirst();
  return row ?? { highWater: null, lookedBackTo: null };
}

/** Where the window ended of the entity's last run that read state objects whole, an ISO instant; null: none did. */
export async function wholeReadTo(db: Db, entity: string): Promise<string | null> {
  const row = await db
    .selectFrom('control.mark')
    .select(isoText('whole_to').as('to'))
    .where('entity', '=', entity)
    .executeTakeFirst();
  return row?.to ?? null;
}

/** Whether anything that a run loaded was new or changed. */
export async function broughtChanges(db: Db, run: string): Promise<boolean> {
  const row = await db
    .selectFrom('control.extract')
    .select('object')
    .where('run', '=', run)
    .where('changed', '<>', '0')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The objects that a run's export brought, in the order of their names. */
export async function exportedObjects(db: Db, run: string): Promise<string[]> {
  const rows = await db
    .selectFrom('control.extract')
    .select('object')
    .where('run', '=', run)
    .where('source', '=', 'export')
    .orderBy('object')
    .execute();
  return rows.map(({ object }) => object);
}

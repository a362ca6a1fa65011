import { type RawBuilder, sql } from 'kysely';

import { CATALOGUE } from '../../domain/catalogue/catalogue.ts';
import { RevsyncError } from '../../domain/errors.ts';
import type { SyncWindow } from '../../domain/sync/window.ts';
import type { Db } from '../database.ts';
import { prestagingTable } from '../prestaging-table.ts';
import { abortRun, openRun, openRunOf, type OpenRun } from '../runs.ts';

/** What the owner of a run is called that readiness opened: no workflow has such an id. */
export const READINESS_OWNER = 'readiness/';

export interface ReadinessRun {
  readonly entity: string;
  readonly org: string;
  readonly window: Omit<SyncWindow, 'lookBack'>;
  /** Tells this call from others. */
  readonly caller: string;
}

/**
 * Opens a run that loads and is never completed, so that no mark moves (design 9 (29)). Another one of readiness is taken
 * over: its command has ended, or ends at its next object. A sync that starts meanwhile takes over this one in the same
 * way, since Temporal does not know its owner.
 *
 * @throws RevsyncError `RUN_REFUSED` while a sync of the entity is open
 */
export async function openReadinessRun(
  db: Db,
  { entity, org, window, caller }: ReadinessRun,
): Promise<OpenRun> {
  const request = {
    entity,
    org,
    owner: { workflowId: `${READINESS_OWNER}${entity}`, runId: caller },
    window: { ...window, lookBack: false, movesMark: false, selection: {} },
  };
  const opened = await openRun(db, request);
  if (opened !== undefined) return opened;
  const other = await openRunOf(db, entity);
  if (other?.owner.workflowId.startsWith(READINESS_OWNER) === true) {
    await closeReadinessRun(db, other.run, 'in part');
    const taken = await openRun(db, request);
    if (taken !== undefined) return taken;
  }
  throw refused(entity, other?.owner.workflowId ?? 'another workflow');
}

function refused(entity: string, whose: string): RevsyncError {
  return new RevsyncError(`A run of ${entity} is open: ${whose}.`, {
    code: 'RUN_REFUSED',
    fate: 'retry',
    remedy: 'Run readiness again after it; or with --from prestaging over what is here already.',
    context: { entity },
  });
}

/** What became of a run of readiness. */
const OUTCOMES = {
  wholly: 'readiness: loaded to be looked at, nothing was synced',
  'in part': 'readiness: ended before everything was loaded',
} as const;

/** Ends the run without completing it. What it saw is no balance of any sync. */
export async function closeReadinessRun(db: Db, run: string, read: keyof typeof OUTCOMES): Promise<void> {
  await db.deleteFrom('control.balance').where('run', '=', run).execute();
  await abortRun(db, run, OUTCOMES[read]);
}

/** Who reads entities one after another, and wants none twice. */
export interface Reader {
  /** Without a blank in it. */
  readonly name: string;
  /** Tells one reading of all entities from the next; undefined: any will do. */
  readonly turn?: string;
}

/** How the callers of a reader's loads begin, so that whoever goes on after a crash finds them. */
export const callerPrefix = ({ name, turn }: Reader): string =>
  turn === undefined ? `${name} ` : `${name} ${turn} `;

/**
 * The entities, in key order, whose data is not here as far as the reader needs it: it did not load them wholly, and no
 * sync of theirs was completed, which brings more.
 */
export async function entitiesToRead(db: Db, reader: Reader): Promise<string[]> {
  const { rows } = await sql<{ entity: string }>`
    select e.entity from control.entity as e
    where not exists (select from control.mark as m where m.entity = e.entity and isfinite(m.high_water))
      and not exists (
        select from control.run as r
        where r.entity = e.entity and r.owner_workflow = ${READINESS_OWNER} || e.entity and starts_with(r.owner_run, ${callerPrefix(reader)})
          and r.state = 'aborted' and r.outcome = ${OUTCOMES.wholly}
      )
    order by e.entity`.execute(db);
  return rows.map(({ entity }) => entity);
}

/** Whether a run under an alias is one of readiness that has ended. */
export const isForgettable = (run: string): RawBuilder<boolean> =>
  sql<boolean>`(${sql.id(run, 'owner_workflow')} like ${`${READINESS_OWNER}%`} and ${sql.id(run, 'state')} = 'aborted')`;

/** Whether the data of an entity under an alias is here: readiness loaded it wholly, or a sync of it was completed. */
export const wasRead = (entity: string): RawBuilder<boolean> => sql<boolean>`(
  exists (select from control.mark as m where m.entity = ${sql.id(entity, 'entity')} and isfinite(m.high_water))
  or exists (
    select from control.run as r
    where r.entity = ${sql.id(entity, 'entity')} and ${isForgettable('r')} and r.outcome = ${OUTCOMES.wholly}
  )
)`;

/**
 * Forgets what readiness loaded of an entity that no run has been completed for: the first sync reads everything anew and
 * finds what it would have found without, even where Billing deleted rows in between; until then the entity may be put
 * into another organisation. Later runs of readiness load
 * what a sync given up would have, which the next sync takes up. Repeating it changes nothing.
 */
export async function forgetReadiness(db: Db, entity: string): Promise<void> {
  const { rows } = await sql<{ run: string }>`
    select r.run from control.run as r
    where r.entity = ${entity} and ${isForgettable('r')}
      and not exists (select from control.mark as m where m.entity = r.entity)`.execute(db);
  if (rows.length === 0) return;
  const runs = sql`any(${rows.map(({ run }) => run)}::bigint[])`;
  const gone = (table: RawBuilder<unknown>, run: string, ofEntity = sql`and entity = ${entity}`) =>
    sql`(delete from ${table} where ${sql.ref(run)} = ${runs} ${ofEntity})`;
  const deletes = [
    ...CATALOGUE.map((object) => gone(prestagingTable(object), 'changed_run')),
    gone(sql`prestaging.history`, 'replaced_run'),
    gone(sql`prestaging.reject`, 'run'),
    gone(sql`control.extract`, 'run', sql``),
    gone(sql`control.run`, 'run'),
  ];
  await sql`with ${sql.join(deletes.map((each, at) => sql`${sql.ref(`gone_${at}`)} as ${each}`))} select`.execute(
    db,
  );
}

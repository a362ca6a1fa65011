import { RevsyncError } from '../src/domain/errors.ts';
import { dueNote, syncWindow } from '../src/domain/sync/window.ts';
import { isWholeReadDue } from '../src/domain/sync/whole-reads.ts';
import { changedHomeCurrency } from '../src/store/findings/home-currency.ts';
import {
  abortRun,
  openRun,
  openRunOf,
  type OpenRun,
  readMark,
  runOf,
  type RunWindow,
  wholeReadTo,
} from '../src/store/runs.ts';
import { forgetReadiness } from '../src/store/readiness/readiness-run.ts';
import { ensureSeededSetups } from '../src/store/setups/seeded-setups.ts';
import { ensureSeededTemplates } from '../src/store/templates.ts';
import { findEntity, listEntities } from '../src/store/tenancy.ts';
import { ensureHistoryMonth } from '../src/store/load/history-month.ts';
import { currentOwner } from './current-owner.ts';
import type { Dependencies } from './dependencies.ts';
import { homeCurrencyChanged } from './home-currency-changed.ts';
import { recordTenant } from './record-tenant.ts';

const LOOK_AGAIN = 5_000;

export interface OpenRunRequest {
  readonly entity?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly subscription?: string | undefined;
  readonly account?: string | undefined;
  readonly objects?: readonly string[] | undefined;
  /** False: a run of the entity that is open refuses this one instead of being waited for. */
  readonly queue?: boolean | undefined;
  /** When a schedule wanted the run: its standing window ends there, however late it came to run. ISO. */
  readonly due?: string | undefined;
  /** A loop asks, which runs every few seconds: what needs reading only now and then is not read by each run. */
  readonly light?: boolean | undefined;
}

export interface OpenedRun {
  readonly tenant: string;
  readonly run: string;
  readonly entity: string;
  readonly org: string;
  readonly window: { readonly from: string | null; readonly to: string };
  /** What else there is to say of the window; absent where it is as usual. */
  readonly note?: string;
}

export function createOpenRunActivities(deps: Dependencies) {
  const { db, tenant } = deps;

  return {
    /** Records the tenant's entities as Billing lists them, and answers their keys in order. */
    async readEntities(): Promise<{ entities: string[] }> {
      await recordTenant(deps);
      const entities = await listEntities(db);
      return { entities: entities.map(({ entity }) => entity) };
    },

    /**
     * Opens the run of an entity and freezes its window; a retry answers the run it opened. While another
     * workflow's run of the entity is open it waits and says for whom; a run whose workflow is over
     * is given up, and what it loaded is transformed by this one.
     */
    async openSyncRun(request: OpenRunRequest): Promise<OpenedRun> {
      const owner = currentOwner();
      const unreadable = await recordTenant(deps);
      await ensureSeededTemplates(db);
      await ensureSeededSetups(db);
      await ensureHistoryMonth(db);
      const { entity, org, billingId } = await findEntity(db, request.entity ?? (await onlyEntity(deps)));
      if (billingId !== null && unreadable.has(billingId)) throw unreadableEntity(entity);
      const changed = await changedHomeCurrency(db, entity);
      if (changed !== undefined) throw homeCurrencyChanged(changed);

      const mine = await runOf(db, entity, owner);
      if (mine !== undefined) return begun(mine, request);

      const window = await windowOf(deps, entity, request);
      const run = await openRun(db, { entity, org, owner, window });
      if (run !== undefined) return begun(run, request);

      const other = await openRunOf(db, entity);
      if (other !== undefined && (await deps.isOver(other.owner))) {
        await abortRun(db, other.run, 'its workflow is over');
        const taken = await openRun(db, { entity, org, owner, window });
        if (taken !== undefined) return begun(taken, request);
      }
      throw inProgress(entity, other, request.queue ?? true);
    },
  };

  /** Only now, as its owner: readiness cannot load any more. */
  async function begun(run: OpenRun, { due, to }: OpenRunRequest): Promise<OpenedRun> {
    await forgetReadiness(db, run.entity);
    const plain = opened(tenant.tenant, run);
    if (due === undefined || to !== undefined) return plain;
    return { ...plain, note: dueNote(due, plain.window.to, await deps.windowPolicy()) };
  }

  async function onlyEntity({ db: database }: Dependencies): Promise<string> {
    const entities = await listEntities(database);
    const [first] = entities;
    if (first !== undefined && entities.length === 1) return first.entity;
    throw new RevsyncError(`${tenant.tenant} has ${entities.length} entities; a run is of one of them.`, {
      code: 'ENTITY_NEEDED',
      fate: 'fix-input',
      remedy: `Start again with one of them, for example {"entity": "${first?.entity ?? tenant.tenant}"}.`,
    });
  }
}
export type OpenRunActivities = ReturnType<typeof createOpenRunActivities>;

const opened = (tenant: string, { run, entity, org, windowFrom, windowTo }: OpenRun): OpenedRun => ({
  tenant,
  run,
  entity,
  org,
  window: { from: windowFrom, to: windowTo },
});

function unreadableEntity(entity: string): RevsyncError {
  return new RevsyncError(`The credentials may not read the entity ${entity}, or not its settings.`, {
    code: 'BILLING_PERMISSION_MISSING',
    fate: 'fix-input',
    remedy: 'Give the integration user access to the entity and to its settings, then send `retry`.',
    context: { entity },
  });
}

async function windowOf(deps: Dependencies, entity: string, request: OpenRunRequest): Promise<RunWindow> {
  const { from, to, subscription, account, objects, due } = request;
  const selection = {
    ...(subscription === undefined ? {} : { subscription }),
    ...(account === undefined ? {} : { account }),
    ...(objects === undefined ? {} : { objects }),
  };
  const chosen = from !== undefined || to !== undefined || Object.keys(selection).length > 0;
  const standing = syncWindow(
    await readMark(deps.db, entity),
    await clockBehind(deps),
    await deps.windowPolicy(),
    due === undefined ? undefined : Date.parse(due),
  );
  if (!chosen) {
    const light = request.light ?? false;
    const whole =
      !light || standing.lookBack || isWholeReadDue(await wholeReadTo(deps.db, entity), standing.to);
    return { ...standing, movesMark: true, selection, light, whole };
  }

  const end = to ?? standing.to;
  if (from !== undefined && from >= end) throw emptyWindow(from, end);
  return { from: from ?? null, to: end, lookBack: false, movesMark: false, selection };
}

/** Billing tells its time in whole seconds, so it may be that much further than it says. */
const A_SECOND = 1_000;

/** Rows are stamped by Billing's clock: a window that ended ahead of it would miss what it stamps next. */
export async function clockBehind({ billing, now }: Dependencies): Promise<number> {
  return Math.min(now(), (await billing(null, currentOwner().workflowId).serverTime()) + A_SECOND);
}

function emptyWindow(from: string, to: string): RevsyncError {
  return new RevsyncError(`The window from ${from} to ${to} is empty.`, {
    code: 'WINDOW_EMPTY',
    fate: 'fix-input',
    remedy: 'Start again with a `from` that lies before `to`, or before now where `to` is left out.',
  });
}

function inProgress(entity: string, other: OpenRun | undefined, queue: boolean): RevsyncError {
  const whose = other?.owner.workflowId ?? 'another workflow';
  return queue
    ? new RevsyncError(`A run of ${entity} is open; waiting for ${whose}.`, {
        code: 'RUN_IN_PROGRESS',
        fate: 'retry',
        retryAfter: LOOK_AGAIN,
        remedy: 'Nothing to do: this run starts when the other one ends.',
      })
    : new RevsyncError(`A run of ${entity} is open: ${whose}.`, {
        code: 'RUN_REFUSED',
        fate: 'fix-input',
        remedy: 'Start again after it, or without --no-queue to wait for it.',
      });
}

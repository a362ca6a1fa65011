import { missingTypes, defaultTemplates, ensureSeededTemplates } from '../src/store/templates.ts';
import { ensureSeededSetups } from '../src/store/setups/seeded-setups.ts';
import { RevsyncError } from '../src/domain/errors.ts';
import { BESIDE_MEMOS, MEMO_OBJECTS } from '../src/domain/settlement/memos.ts';
import {
  chunkBrought,
  type Chunk,
  type ChunkProgress,
  chunkProgress,
} from '../src/store/settlement/chunks.ts';
import { pauseNote } from '../src/domain/settlement/pause-note.ts';
import { withoutProof } from '../src/domain/settlement/without-proof.ts';
import { listReports, type SettlementSummary } from '../src/store/settlement/report.ts';
import {
  closeSwitch,
  openSwitch,
  rememberPaused,
  rememberResumed,
  requireSwitchDate,
  settlementState,
  type SettlementState,
  switchOver,
} from '../src/store/settlement/switch-over.ts';
import { findEntity, listEntities } from '../src/store/tenancy.ts';
import { billingInstant } from './billing-instant.ts';
import type { Dependencies } from './dependencies.ts';
import { billingOf } from './export.ts';
import { recordTenant } from './record-tenant.ts';
import { inTheWay, requireQuiet } from './require-quiet.ts';
import { templateMissing } from './required-templates.ts';

/** What the backfill of an entity begins with. */
export interface SettlementCheck {
  /** False: history needs no bringing. */
  readonly due: boolean;
  /** Why, in words. */
  readonly note: string;
}

/** A chunk as the run that brings it takes it. */
export type ChunkToBring = Chunk & { readonly objects: readonly string[] };

/** How far it is, and what comes next. */
export interface Brought extends Omit<ChunkProgress, 'next'> {
  readonly next: ChunkToBring | null;
}

/** Of how many entities the workflow tells its result: it stays far below what Temporal takes. */
const ENTITIES_TOLD = 50;

interface Of {
  readonly entity: string;
}

export type { SettlementSummary };

export function createSettlementActivities(deps: Dependencies) {
  const { db } = deps;
  const pausedByUs = pauseNote(deps.tenant.tenant);

  return {
    /** The keys of the entities that were asked for: one by key, Billing id or display name, or all in key order. */
    async entitiesToSwitch({
      entity,
    }: {
      entity?: string | undefined;
    }): Promise<{ tenant: string; entities: string[] }> {
      await recordTenant(deps);
      const { tenant } = deps.tenant;
      if (entity !== undefined) return { tenant, entities: [(await findEntity(db, entity)).entity] };
      return { tenant, entities: (await listEntities(db)).map((each) => each.entity) };
    },

    /**
     * Finds out whether an entity has to be switched over: not when it is, and not when no run has read anything yet,
     * or all runs have read memos. Else Invoice Settlement has to be on in Billing. A switch date that comes before
     * the first run is kept.
     *
     * @throws RevsyncError `INVOICE_SETTLEMENT_OFF`, `SWITCH_DATE_FIXED`, and what `requireQuiet` throws
     */
    async checkSettlement({
      entity,
      switchDate,
    }: Of & { switchDate?: string | undefined }): Promise<SettlementCheck> {
      const state = await settlementState(db, entity);
      requireSwitchDate(state, switchDate);
      const why = notDue(state);
      if (why === null) {
        await requireMemos(entity);
        await openSwitch(db, entity);
        const note = state.settled === true ? 'memos come already' : 'Billing has memos, none came yet';
        return { due: true, note };
      }
      if (state.settled === true || switchDate === undefined) return { due: false, note: why };
      // Its first run finds adjustments and memos together, and has to know which of them count.
      await requireMemos(entity);
      await requireQuiet(deps, state);
      await switchOver(db, { entity, switchDate, at: await billingInstant(deps) });
      return { due: false, note: `${why}; adjustments before ${switchDate} count then` };
    },

    /**
     * Pauses what could start a run or a collection of the entity, its loop of Instant On among them, then waits for
     * those that are open. What somebody else paused stays theirs.
     *
     * @throws RevsyncError what `requireQuiet` throws, and `WORKER_SILENT`
     */
    async pauseSchedules({ entity }: Of): Promise<{ paused: string[] }> {
      const { org } = await settlementState(db, entity);
      const paused: string[] = [];
      for (const id of schedulesOf(entity, org)) {
        if ((await deps.schedules.pause(id, pausedByUs)) === 'paused') paused.push(id);
      }
      const loop = await deps.loops.pause(loopOf(entity), pausedByUs);
      if (loop.became === 'paused') paused.push(loopOf(entity));
      await rememberPaused(db, entity, paused);
      await requireQuiet(deps, { entity, org });
      // The loop has begun one that is not recorded yet, or not seen that it ended.
      if (loop.underWay) throw inTheWay('RUN_IN_PROGRESS', `A run of ${entity}`, loopOf(entity));
      return { paused };
    },

    /**
     * Lets those run again that have the note of the backfill, whichever run of it paused them.
     *
     * @throws RevsyncError `WORKER_SILENT`
     */
    async resumeSchedules({ entity }: Of): Promise<{ resumed: string[] }> {
      const { org } = await settlementState(db, entity);
      const resumed: string[] = [];
      for (const id of schedulesOf(entity, org)) {
        if (await deps.schedules.resume(id, pausedByUs)) resumed.push(id);
      }
      if (await deps.loops.resume(loopOf(entity), pausedByUs)) resumed.push(loopOf(entity));
      await rememberResumed(db, entity, resumed);
      return { resumed };
    },

    /**
     * Lets memos take over on a day; adjustments need no template any more, memos do.
     *
     * @throws RevsyncError `TEMPLATE_MISSING`, `SWITCH_DATE_FIXED`, and what `requireQuiet` throws
     */
    async switchOver({
      entity,
      switchDate,
    }: Of & { switchDate?: string | undefined }): Promise<{ switchDate: string | null }> {
      await ensureSeededTemplates(db);
      await ensureSeededSetups(db);
      const missing = missingTypes(await defaultTemplates(db, entity), true);
      if (missing.length > 0) throw templateMissing(entity, missing);
      // Somebody may have started one while templates were waited for.
      await requireQuiet(deps, await settlementState(db, entity));
      return { switchDate: await switchOver(db, { entity, switchDate, at: await billingInstant(deps) }) };
    },

    async nextChunk({ entity }: Of): Promise<Brought> {
      return withObjects(await chunkProgress(db, entity));
    },

    /** Notes the run that brought a chunk; a run that is not completed is none. */
    async chunkBrought({ entity, chunk, run }: Of & { chunk: number; run: string }): Promise<Brought> {
      await chunkBrought(db, entity, chunk, run);
      return withObjects(await chunkProgress(db, entity));
    },

    /** Ends the backfill of an entity, after its schedules run again. */
    async closeSettlement({ entity }: Of): Promise<void> {
      await closeSwitch(db, entity);
    },

    /** Where the entities stand, in few words: the database has all of it. */
    async settlementReport({ entities }: { entities: readonly string[] }): Promise<SettlementSummary[]> {
      const asked = new Set(entities.slice(0, ENTITIES_TOLD));
      const reports = await listReports(db);
      return reports.filter(({ entity }) => asked.has(entity)).map(withoutProof);
    },
  };

  async function requireMemos(entity: string): Promise<void> {
    const billing = await billingOf(deps, entity);
    const described = await Promise.all(MEMO_OBJECTS.map((object) => billing.describe(object)));
    const missing = MEMO_OBJECTS.filter(
      (_, index) => !(described[index]?.fields.some(({ name }) => name === 'Id') ?? false),
    );
    if (missing.length > 0) throw settlementOff(entity, missing);
  }
}
export type SettlementActivities = ReturnType<typeof createSettlementActivities>;

/** Schedules that could start a run or a collection of an entity, as far as they exist. */
const schedulesOf = (entity: string, org: string): string[] => [
  `revenue-sync/${entity}`,
  `data-collection/${org}`,
  `exchange-rate-sync/${entity}`,
];
const loopOf = (entity: string): string => `instant-on/${entity}`;

function notDue({ settled, switchDate, hasRuns, backfill }: SettlementState): string | null {
  if (backfill === 'done') return 'it is switched over, and its history is proven';
  if (backfill === 'open') return null;
  if (!hasRuns) return 'no run has read anything yet; the first one brings everything';
  return settled === true && switchDate === null
    ? 'memos came with every run; there is no other history'
    : null;
}

const withObjects = ({ next, ...progress }: ChunkProgress): Brought => ({
  ...progress,
  next: next && { ...next, objects: next.kind === 'parents' ? BESIDE_MEMOS : MEMO_OBJECTS },
});

function settlementOff(entity: string, missing: readonly string[]): RevsyncError {
  return new RevsyncError(
    `Invoice Settlement is not on in Billing for ${entity}, or the integration user may not read it: ${missing.join(', ')} cannot be exported.`,
    {
      code: 'INVOICE_SETTLEMENT_OFF',
      fate: 'fix-input',
      remedy:
        'Have Zuora enable Invoice Settlement for the entity, and give the role of the integration user the right to read credit and debit memos; then send `retry`.',
      context: { entity },
    },
  );
}

import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ActivityCancellationType,
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  continueAsNew,
  executeChild,
  isCancellation,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';

import type { Brought, ChunkToBring, SettlementCheck, SettlementSummary } from '../activities/settlement.ts';
import type { AskedAbout } from '../activities/settlement-history.ts';
import { BACKFILL_EXAMPLE, BackfillInput } from '../src/domain/settlement/backfill-input.ts';
import { differencesText, progressText } from '../src/domain/settlement/texts.ts';
import { type Desk, failureType, openDesk, readable, RunAborted } from './desk.ts';
import { parseInput } from './parse-input.ts';
import { activities, POLL, QUEUE, QUICK } from './proxies.ts';
import { asking, revenueSync, type SyncOutcome } from './revenue-sync.ts';
import { REVSYNC_ENTITY, REVSYNC_TENANT } from './search-attributes.ts';

const quick = activities(QUICK);
/** Given up it may still pause something: what is resumed after it has to come after its end. */
const pausing = activities({
  ...QUEUE,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});
/** A failed query ends the wait for it: it is asked for again. */
const asked = activities({
  ...POLL,
  retry: { ...POLL.retry, nonRetryableErrorTypes: ['BILLING_FILE_GONE'] },
});

const STEPS = [
  { step: 'check', title: 'Find out whether there is anything to switch over' },
  { step: 'pause', title: 'Pause the schedules of the entity' },
  { step: 'switch', title: 'Let memos take over from adjustments' },
  { step: 'plan', title: 'Plan the history in chunks' },
  { step: 'chunks', title: 'Bring historical memos' },
  { step: 'proof', title: 'Prove that all memos are here' },
  { step: 'resume', title: 'Resume the schedules' },
] as const;

/** Chunks after which the workflow goes on with a new history. */
const CHUNKS_A_HISTORY = 8;

export interface BackfillOutcome {
  readonly workflowId: string;
  readonly runId: string;
  readonly outcome: 'completed' | 'nothing-to-do' | 'aborted';
  /** The first ones, with counts of their proofs; the database has all of it. */
  readonly entities: readonly SettlementSummary[];
  /** How many there are beside them. */
  readonly leftOut: number;
}

type Onward = NonNullable<BackfillInput['onward']>;

/**
 * The switch-over of a tenant to Invoice Settlement (enablement step 9): memos take over from adjustments, and their
 * history is brought in chunks, each an ordinary run, and proven. All it knows is in the database: started again after
 * whatever end, it goes on with the next chunk.
 */
export async function invoiceSettlementBackfill(raw?: unknown): Promise<BackfillOutcome> {
  const input = parseInput(BackfillInput, BACKFILL_EXAMPLE, raw);
  const desk = openDesk(
    'invoiceSettlementBackfill',
    `Invoice Settlement backfill ${input.entity ?? ''}`.trim(),
    STEPS,
  );
  const { workflowId, runId, continuedFromExecutionRunId } = workflowInfo();
  // Nobody else knows what is done; what an operator copied from a run's page is not.
  const before = continuedFromExecutionRunId === undefined ? undefined : input.onward;
  let entities = before?.entities ?? [];
  let switched = before?.switched ?? false;
  let at = before?.at ?? 0;
  let onward: Onward | null = null;
  const ended = async (outcome: BackfillOutcome['outcome']): Promise<BackfillOutcome> => {
    const reports = entities.length === 0 ? [] : await report(entities);
    desk.finish(outcome);
    return { workflowId, runId, outcome, entities: reports, leftOut: entities.length - reports.length };
  };

  let entity: string | null = null;
  try {
    if (before === undefined) entities = await chosenEntities(desk, input);
    for (; at < entities.length && onward === null; at += 1) {
      entity = entities[at] ?? null;
      if (entity === null) break;
      const came = await backfill(tellingOf(entities.slice(at + 1), desk), input, entity);
      if (came === 'onward') onward = { entities, at, switched };
      if (came === 'done') switched = true;
      entity = onward === null ? null : entity;
    }
  } catch (error) {
    const left = entity;
    if (left !== null) await CancellationScope.nonCancellable(() => resume(left));
    if (error instanceof RunAborted) return CancellationScope.nonCancellable(() => ended('aborted'));
    throw error;
  }
  if (onward !== null) return continueAsNew<typeof invoiceSettlementBackfill>({ ...input, onward });
  return ended(switched ? 'completed' : 'nothing-to-do');
}

const report = (entities: readonly string[]): Promise<readonly SettlementSummary[]> =>
  quick.settlementReport.executeWithOptions({ summary: 'what came of it' }, [{ entities }]);

/** A desk that says which entities wait behind the one at hand, and how they need not. */
function tellingOf([next]: readonly string[], desk: Desk): Desk {
  if (next === undefined) return desk;
  const told = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (isCancellation(error)) throw error;
      const { message, remedy } = readable(error);
      throw ApplicationFailure.create({
        message,
        type: failureType(error) ?? 'STEP_FAILED',
        nonRetryable: true,
        details: [
          {
            remedy: `${remedy} The entities after it wait too: to do them first, \`abort\`, then start for each with "entity", as {"entity": "${next}"}.`,
          },
        ],
      });
    }
  };
  return { ...desk, step: (name, work, note) => desk.step(name, () => told(work), note) };
}

/** The one that was named, by whatever name; else all of the tenant, in key order. */
async function chosenEntities(desk: Desk, { entity }: BackfillInput): Promise<readonly string[]> {
  const { tenant, entities } = await desk.step('check', () =>
    quick.entitiesToSwitch.executeWithOptions({ summary: 'which entities there are' }, [{ entity }]),
  );
  upsertSearchAttributes([{ key: REVSYNC_TENANT, value: tenant }]);
  return entities;
}

/** `onward`: there is more, and the history of this workflow is long enough. */
async function backfill(
  desk: Desk,
  { switchDate, chunk }: BackfillInput,
  entity: string,
): Promise<'done' | 'nothing-to-do' | 'onward'> {
  upsertSearchAttributes([{ key: REVSYNC_ENTITY, value: entity }]);
  const { due } = await desk.step(
    'check',
    () => check(entity, switchDate),
    ({ note }) => `${entity}: ${note}`,
  );
  if (!due) return 'nothing-to-do';

  await desk.step(
    'pause',
    () =>
      pausing.pauseSchedules.executeWithOptions({ summary: `pause the schedules of ${entity}` }, [
        { entity },
      ]),
    ({ paused }) => (paused.length === 0 ? 'none to pause' : paused.join(', ')),
  );
  await desk.step(
    'switch',
    () => quick.switchOver.executeWithOptions({ summary: 'let memos take over' }, [{ entity, switchDate }]),
    (done) => (done.switchDate === null ? 'from the first run on' : `from ${done.switchDate} on`),
  );
  await desk.step('plan', () => plan(entity, chunk));
  if (!(await bringChunks(desk, entity))) return 'onward';
  await desk.step(
    'proof',
    () => prove(entity),
    () => 'Billing and pre-staging have the same',
  );
  await desk.step(
    'resume',
    () => resume(entity),
    (resumed) => (resumed.length === 0 ? 'none to resume' : resumed.join(', ')),
  );
  await quick.closeSettlement.executeWithOptions({ summary: `${entity} is switched over` }, [{ entity }]);
  return 'done';
}

/** What an earlier backfill left paused need not stay so where there is nothing to do. */
async function check(entity: string, switchDate: string | undefined): Promise<SettlementCheck> {
  const found = await quick.checkSettlement.executeWithOptions({ summary: `look at ${entity}` }, [
    { entity, switchDate },
  ]);
  if (!found.due) await resume(entity);
  return found;
}

async function plan(entity: string, chunk: BackfillInput['chunk']): Promise<void> {
  await asking(async () => {
    const earliest = await quick.askEarliestMemos.executeWithOptions({ summary: 'ask for the first memo' }, [
      { entity },
    ]);
    await asked.planHistory.executeWithOptions({ summary: 'plan the chunks' }, [
      { entity, asked: earliest, chunk },
    ]);
  });
}

/** False: there are more than one history should hold. */
async function bringChunks(desk: Desk, entity: string): Promise<boolean> {
  let progress: Brought = await desk.step('chunks', () => nextChunk(entity), progressText);
  for (let brought = 0; progress.next !== null; brought += 1) {
    if (brought === CHUNKS_A_HISTORY) {
      // A last look at what the operator sent.
      await desk.step('chunks', async () => progress, progressText);
      return false;
    }
    progress = await desk.step('chunks', () => bring(desk, entity, progress), progressText);
  }
  return true;
}

const nextChunk = (entity: string): Promise<Brought> =>
  quick.nextChunk.executeWithOptions({ summary: 'which chunk comes next' }, [{ entity }]);

/** Brings the next chunk by an ordinary run that moves no mark, and answers how far it is then. */
async function bring(desk: Desk | null, entity: string, { next, ...progress }: Brought): Promise<Brought> {
  if (next === null) return { ...progress, next };
  desk?.note('chunks', 'running', `${progressText(progress)}; run ${childId()}`);
  const run = await runOver(entity, next);
  return quick.chunkBrought.executeWithOptions({ summary: `chunk ${next.chunk} is here` }, [
    { entity, chunk: next.chunk, run },
  ]);
}

/** One id for all of them: they come one after the other, and commands look there for a run that waits. */
const childId = (): string => `${workflowInfo().workflowId}/run`;

/** A run that came to no good end waits for a person; the backfill itself may still be given up meanwhile. */
async function runOver(entity: string, chunk: ChunkToBring): Promise<string> {
  try {
    const { outcome, run } = await runOnce(entity, chunk);
    if (run !== null && (outcome === 'completed' || outcome === 'nothing-to-do')) return run;
    throw notBrought(entity, chunk, outcome);
  } catch (error) {
    const givenUp = CancellationScope.current().consideredCancelled;
    if (givenUp || !(error instanceof ChildWorkflowFailure)) throw error;
    const { cause } = error;
    throw notBrought(
      entity,
      chunk,
      isCancellation(error) ? 'cancelled' : `given up by a failure: ${cause?.message ?? error.message}`,
    );
  }
}

async function runOnce(
  entity: string,
  { chunk, kind, from, to, objects }: ChunkToBring,
): Promise<SyncOutcome> {
  for (let pause = 2; ; pause = Math.min(2 * pause, 300)) {
    try {
      return await executeChild(revenueSync, {
        args: [{ entity, ...(from === null ? {} : { from }), to, objects, collect: false }],
        workflowId: childId(),
        staticSummary: `Chunk ${chunk} of ${entity}: ${kind}, ${from ?? 'the beginning'} to ${to}`,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      // That of a backfill that was terminated is being ended; every look costs history.
      await sleep(`${pause} seconds`, { summary: 'another run over a chunk is ending' });
    }
  }
}

const notBrought = (entity: string, { chunk }: ChunkToBring, how: string): ApplicationFailure =>
  ApplicationFailure.create({
    message: `The run over chunk ${chunk} of ${entity} was ${how}.`,
    type: 'CHUNK_NOT_BROUGHT',
    nonRetryable: true,
    details: [{ remedy: 'Send `retry` to bring it by another run, or `abort` to give the backfill up.' }],
  });

/** What changed meanwhile is caught up with once; a difference after that is a person's matter. */
async function prove(entity: string): Promise<void> {
  for (let caughtUp = false; ; caughtUp = true) {
    const differences = await asking(async () => {
      const totals: readonly AskedAbout[] = await quick.askTotals.executeWithOptions(
        { summary: 'ask for count and amount of memos' },
        [{ entity }],
      );
      return asked.proveHistory.executeWithOptions({ summary: 'compare with pre-staging' }, [
        { entity, asked: totals },
      ]);
    });
    if (differences.length === 0) return;
    if (caughtUp) {
      throw ApplicationFailure.create({
        message: `Memos of ${entity} differ: ${differencesText(differences)}.`,
        type: 'HISTORY_INCOMPLETE',
        nonRetryable: true,
        details: [
          {
            remedy:
              'Find these memos in Billing. `revsync sync run` also reads what was deleted; `retry` then reads what changed since and compares again.',
          },
        ],
      });
    }
    await quick.planCatchUp.executeWithOptions({ summary: 'read again what changed meanwhile' }, [
      { entity },
    ]);
    let progress = await nextChunk(entity);
    while (progress.next !== null) progress = await bring(null, entity, progress);
  }
}

async function resume(entity: string): Promise<readonly string[]> {
  const { resumed } = await quick.resumeSchedules.executeWithOptions({ summary: 'resume what was paused' }, [
    { entity },
  ]);
  return resumed;
}

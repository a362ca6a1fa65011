import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  executeChild,
  isCancellation,
  log,
  makeContinueAsNewFunc,
  ParentClosePolicy,
  proxyLocalActivities,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';

import type { Activities } from '../activities/activities.ts';
import type { InstantOnRead } from '../activities/instant-on.ts';
import { INSTANT_ON_EXAMPLE, InstantOnInput } from '../src/domain/instant-on/instant-on-input.ts';
import * as changes from '../src/domain/instant-on/loop-changes.ts';
import { LoopState } from '../src/domain/instant-on/loop-state.ts';
import type { Wait } from '../src/domain/instant-on/next-move.ts';
import { shortText } from '../src/domain/short-text.ts';
import { childEnd } from './child-failure.ts';
import { failureType } from './desk.ts';
import { LoopAborted, type LoopDesk, openLoopDesk } from './loop-desk.ts';
import { parseInput } from './parse-input.ts';
import { activities, QUEUE, QUICK } from './proxies.ts';
import { revenueSync, type SyncOutcome } from './revenue-sync.ts';
import { AWAITING_ACTION, OUTCOME, REVSYNC_ENTITY, REVSYNC_TENANT } from './search-attributes.ts';

/** Part of the loop's own task: an activity of its own would be a third of what an idle loop writes. */
const local = proxyLocalActivities<Activities>({
  startToCloseTimeout: '5 seconds',
  retry: { maximumAttempts: 2, initialInterval: '500 milliseconds' },
});
/** Where the database is away, the page shows that the settings are read, how often it failed, and why. */
const queue = activities(QUEUE);
/** Nobody waits long for a courtesy. */
const noting = activities({
  ...QUICK,
  startToCloseTimeout: '5 seconds',
  scheduleToCloseTimeout: '10 seconds',
});

export interface InstantOnOutcome {
  readonly workflowId: string;
  readonly runId: string;
  readonly outcome: 'aborted';
  readonly entity: string | null;
  readonly reason: string;
  readonly runs: number;
  readonly failed: number;
}

/**
 * Instant On (enablement step 10): the Revenue Sync of one entity, again and again. The next run begins the interval
 * after the last one completed (domain.md 5.1); after one that did not, the loop tries again, with growing pauses, and
 * then waits for a person. It ends when somebody ends it.
 */
export async function instantOn(raw?: unknown): Promise<InstantOnOutcome> {
  const input = parseInput(InstantOnInput, INSTANT_ON_EXAMPLE, raw);
  const { workflowId, runId, continuedFromExecutionRunId } = workflowInfo();
  // What an operator copied from a run's page is not where this loop stands.
  const before = continuedFromExecutionRunId === undefined ? undefined : input.onward;
  const desk = openLoopDesk(before?.entity ?? null, before?.state ?? LoopState.parse({}));
  try {
    const { tenant, entity } = await turns(desk, input, before ?? null);
    return await goOn({ ...input, onward: { tenant, entity, state: desk.state() } });
  } catch (error) {
    if (!(error instanceof LoopAborted)) throw error;
    desk.finish();
    upsertSearchAttributes([
      { key: OUTCOME, value: 'aborted' },
      { key: AWAITING_ACTION, value: false },
    ]);
    const { runs, failed } = desk.state();
    const entity = desk.entity() ?? input.entity ?? null;
    return { workflowId, runId, outcome: 'aborted', entity, reason: error.message, runs, failed };
  }
}

/** Continues as a new run of the same workflow, which lists show as this one was. */
const goOn = (input: InstantOnInput): Promise<never> =>
  makeContinueAsNewFunc<typeof instantOn>({
    typedSearchAttributes: workflowInfo().typedSearchAttributes,
  })(input);

interface Whose {
  readonly tenant: string;
  readonly entity: string;
}

/** The loop itself, until its history is long enough; between runs, so that none is under way then. */
async function turns(desk: LoopDesk, input: InstantOnInput, known: Whose | null): Promise<Whose> {
  let whose = known;
  let areFresh = false;
  for (;;) {
    const move = desk.move();
    if (whose !== null && historyIsLong(input.maxHistory) && allHandlersFinished()) return whose;
    if (move.kind === 'run' && whose !== null && areFresh) {
      await run(desk, whose.entity);
      areFresh = false;
    } else if (move.kind === 'run' || move.kind === 'read') {
      const read = await settingsOf(desk, input, whose);
      areFresh = true;
      if (read !== null) whose = known ?? read;
    } else {
      await wait(desk, move, whose?.entity ?? '');
      // Whatever ended the wait: settings may have changed meanwhile.
      desk.forget();
    }
  }
}

/** The settings as they stand; null when they could not be read, which counts as a run that failed. */
async function settingsOf(
  desk: LoopDesk,
  input: InstantOnInput,
  whose: Whose | null,
): Promise<InstantOnRead | null> {
  desk.forget();
  const seen = desk.taken();
  try {
    const settings = await desk.during(() => read(whose?.entity ?? input.entity, whose !== null));
    if (whose === null) showWhose(settings);
    desk.learn(settings.entity, settings);
    // A message means the settings as they stand when it comes, which may be later than these.
    if (desk.taken() !== seen) desk.forget();
    return settings;
  } catch (error) {
    if (whose === null || error instanceof LoopAborted || isCancellation(error)) throw error;
    // What was asked for was tried: without a pause the next failure would follow at once, for ever.
    desk.change(changes.ended(changes.begun(desk.state()), childEnd(error), Date.now()));
    return null;
  }
}

const historyIsLong = (most: number): boolean => {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > most;
};

const showWhose = ({ tenant, entity }: Whose): void =>
  upsertSearchAttributes([
    { key: REVSYNC_TENANT, value: tenant },
    { key: REVSYNC_ENTITY, value: entity },
  ]);

/** The settings as they stand. At first the entity is not known here, and Billing may have to be asked for it. */
async function read(entity: string | undefined, isKnown: boolean): Promise<InstantOnRead> {
  try {
    if (isKnown) return await local.readInstantOn({ entity });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the settings could not be read at once', { type: failureType(error) });
  }
  return queue.readInstantOn.executeWithOptions({ summary: 'read the settings of Instant On' }, [{ entity }]);
}

/** One Revenue Sync, and what came of it. */
async function run(desk: LoopDesk, entity: string): Promise<void> {
  const asked = desk.state().runNow;
  try {
    const { outcome, runId } = await desk.during(
      () => {
        desk.change(changes.begun(desk.state()));
        return startSync(entity);
      },
      { kind: 'run' },
    );
    const completed = outcome === 'completed' || outcome === 'nothing-to-do';
    const why = completed ? null : `The run was ${outcome}.`;
    desk.change(changes.ended(desk.state(), { outcome, runId, message: why, remedy: null }, Date.now()));
  } catch (error) {
    if (error instanceof LoopAborted || CancellationScope.current().consideredCancelled) throw error;
    desk.change(
      error instanceof WorkflowExecutionAlreadyStartedError
        ? changes.foundBusy(desk.state(), asked, Date.now())
        : changes.ended(desk.state(), childEnd(error), Date.now()),
    );
  }
  if (desk.state().noted && desk.state().failuresInARow === 0) await note(desk, entity, null);
}

const startSync = (entity: string): Promise<SyncOutcome> =>
  executeChild(revenueSync, {
    args: [{ entity, light: true }],
    workflowId: `revenue-sync/${entity}`,
    staticSummary: `Revenue Sync of ${entity} (Instant On)`,
    // A loop that is terminated gives its run up cleanly.
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  });

/** Until it is time to look again, or somebody says something. */
async function wait(desk: LoopDesk, move: Wait, entity: string): Promise<void> {
  const seen = desk.taken();
  const woken = (): boolean => desk.taken() !== seen;
  if (move.kind === 'off') desk.change(changes.turnedOff(desk.state(), desk.settings()?.off ?? null));
  if (move.kind === 'stuck' && !desk.state().noted) {
    await note(desk, entity, desk.state().lastRun?.message ?? '');
  }
  if (move.wake === null) await condition(woken);
  else await condition(woken, move.wake - Date.now(), { summary: SUMMARIES[move.kind] });
}

const SUMMARIES = {
  off: 'Instant On is off; look again',
  busy: 'another run of the entity is under way',
  'backing-off': 'the last run failed; try again',
  'before-start': 'automatic runs begin later',
  resting: 'pause between runs',
} as const;

/** The schedule of the entity, where there is one, says what became of the loop beside it. */
async function note(desk: LoopDesk, entity: string, why: string | null): Promise<void> {
  const at = new Date().toISOString();
  const said =
    why === null ? `runs again since ${at}` : `waits for a person since ${at} (instant-on/${entity}): ${why}`;
  const asked = { id: `revenue-sync/${entity}`, note: shortText(`revsync: Instant On ${said}`, 500) };
  try {
    await desk.during(() =>
      noting.noteSchedule.executeWithOptions({ summary: 'note it at the schedule' }, [asked]),
    );
    desk.change(changes.noted(desk.state(), why !== null));
  } catch (error) {
    if (error instanceof LoopAborted || isCancellation(error)) throw error;
    log.warn('the note of the schedule could not be changed', { type: failureType(error) });
  }
}

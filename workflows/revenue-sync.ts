import {
  CancellationScope,
  executeChild,
  isCancellation,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';

import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';

import type { ExportedFile, SubmittedExport } from '../activities/export.ts';
import type { FinishedRun } from '../activities/finish-run.ts';
import type { OpenedRun } from '../activities/open-run.ts';
import type { SkippedSide } from '../activities/read-side.ts';
import { SYNC_EXAMPLE, SyncInput } from '../src/domain/sync/sync-input.ts';
import { type CollectionOutcome, dataCollection } from './data-collection.ts';
import { type Desk, failureType, openDesk, RunAborted } from './desk.ts';
import { parseInput } from './parse-input.ts';
import { activities, LONG, POLL, QUEUE, QUICK } from './proxies.ts';
import { scheduledTime } from './scheduled-time.ts';
import { REVSYNC_ENTITY, REVSYNC_TENANT } from './search-attributes.ts';

const quick = activities(QUICK);
const long = activities(LONG);
const poll = activities(POLL);
const queue = activities(QUEUE);

const STEPS = [
  { step: 'open', title: 'Open the run and freeze its window' },
  { step: 'extract', title: 'Extract from Billing into pre-staging' },
  { step: 'sides', title: 'Read what the export lacks' },
  { step: 'transform', title: 'Form transaction lines in staging' },
  { step: 'balance', title: 'Prove the balance and move the mark' },
  { step: 'collect', title: 'Data Collection' },
] as const;

/** Files loaded side by side; the first ones alone, since the balance looks up currencies in them. */
const LOADS_AT_ONCE = 2;
const LOADED_FIRST = ['Account'];
/** Exports asked for before a person has to look: results are purged, jobs fail, files break. */
const EXPORTS = 3;
const ASK_AGAIN = new Set([
  'EXPORT_FAILED',
  'EXPORT_NOT_FULL',
  'BILLING_FILE_GONE',
  'BILLING_FILE_BROKEN',
  'BILLING_FILE_UNREADABLE',
  'RECORD_COUNT_MISMATCH',
]);
/** The same file would only break again: these end a load at once, whatever their fate is elsewhere. */
const loads = activities({ ...LONG, retry: { ...LONG.retry, nonRetryableErrorTypes: [...ASK_AGAIN] } });

export interface SyncOutcome {
  readonly workflowId: string;
  readonly runId: string;
  readonly entity: string | null;
  readonly outcome: FinishedRun['outcome'] | 'refused' | 'aborted';
  readonly run: string | null;
  readonly window: OpenedRun['window'] | null;
  readonly lines: Readonly<Record<string, string>>;
  readonly collection: CollectionOutcome | null;
}

/**
 * One Revenue Sync of one entity: what Billing changed in the window becomes transaction lines, and with
 * Auto_Collect the lines become revenue contracts (enablement steps 10 and 11).
 */
export async function revenueSync(raw?: unknown): Promise<SyncOutcome> {
  const input = parseInput(SyncInput, SYNC_EXAMPLE, raw);
  const desk = openDesk('revenueSync', `Revenue Sync ${input.entity ?? ''}`.trim(), STEPS);
  const { workflowId, runId } = workflowInfo();
  const ended = (outcome: SyncOutcome['outcome'], opened: OpenedRun | null): SyncOutcome => {
    desk.finish(outcome);
    const { run, entity, window } = opened ?? { run: null, entity: input.entity ?? null, window: null };
    return { workflowId, runId, entity, outcome, run, window, lines: {}, collection: null };
  };

  let run: OpenedRun | null = null;
  let sides: readonly string[] = [];
  try {
    run = await desk.step('open', () => openOrRefuse(input), describeWindow);
    if (run === null) return ended('refused', null);
    const opened = run;
    upsertSearchAttributes([
      { key: REVSYNC_TENANT, value: opened.tenant },
      { key: REVSYNC_ENTITY, value: opened.entity },
    ]);

    ({ sides } = await desk.step(
      'extract',
      () => extract(opened),
      ({ files }) => `${files} objects`,
    ));
    // Runs that began before there were sides have none.
    if (sides.length === 0) desk.notDue('sides');
    else await readSides(desk, opened, sides);
    await desk.step(
      'transform',
      () => transform(opened),
      (note) => note,
    );
    let formedAnew = false;
    const finished = await desk.step(
      'balance',
      async () => {
        // Lines decide the balance: a retry would find it as it was if they were not formed anew.
        if (formedAnew) await transform(opened);
        formedAnew = true;
        return finish(opened);
      },
      ({ outcome }) => outcome,
    );
    run = null; // completed: nothing to give up any more
    const collection = input.collect === false ? null : await collect(desk, opened, finished);
    return { ...ended(finished.outcome, opened), lines: finished.lines, collection };
  } catch (error) {
    const opened = run;
    if (opened !== null) await CancellationScope.nonCancellable(() => giveUp(opened, sides, error));
    if (error instanceof RunAborted) return ended('aborted', opened);
    throw error;
  }
}

/** Null when another run of the entity is open and the operator did not want to queue. */
async function openOrRefuse({ queue: queues, collect: _, ...request }: SyncInput): Promise<OpenedRun | null> {
  try {
    return await queue.openSyncRun.executeWithOptions(
      { summary: `open a run of ${request.entity ?? 'the tenant'}` },
      [{ ...request, queue: queues, due: scheduledTime() }],
    );
  } catch (error) {
    if (failureType(error) === 'RUN_REFUSED') return null;
    throw error;
  }
}

interface Extracted {
  readonly files: number;
  readonly sides: readonly string[];
}

/** What a former try loaded is not loaded again. */
async function extract(run: OpenedRun): Promise<Extracted> {
  return asking((again) => extractOnce(run, again));
}

/** Asks Billing again when what it gave cannot be used, a few times before a person has to look. */
export async function asking<Result>(work: (again: boolean) => Promise<Result>): Promise<Result> {
  for (let asked = 1; ; asked += 1) {
    try {
      return await work(asked > 1);
    } catch (error) {
      if (asked === EXPORTS || !ASK_AGAIN.has(failureType(error) ?? '')) throw error;
    }
  }
}

async function extractOnce(run: OpenedRun, again: boolean): Promise<Extracted> {
  const submitted: SubmittedExport = await quick.submitExport.executeWithOptions(
    { summary: `ask Billing for the export` },
    [{ ...run, again }],
  );
  const { jobId, sides = [] } = submitted;
  const files = await poll.awaitExport.executeWithOptions({ summary: `wait for export ${jobId}` }, [
    { ...run, jobId },
  ]);
  const early = files.filter(({ object }) => LOADED_FIRST.includes(object));
  const rest = files.filter(({ object }) => !LOADED_FIRST.includes(object));
  for (const file of early) await load(run, file);
  await sideBySide(LOADS_AT_ONCE, rest, (file) => load(run, file));
  return { files: files.length, sides };
}

/** One after the other; the run can do without any of them, and a later run reads what was left out. */
async function readSides(desk: Desk, run: OpenedRun, sides: readonly string[]): Promise<void> {
  const notes: string[] = [];
  const noted = (side: string, note: string): string => {
    notes.push(`${side}: ${note}`);
    return notes.join('; ');
  };
  for (const side of sides) {
    await desk.optional(
      'sides',
      async () => noted(side, await asking(() => readSide(run, side))),
      async ({ reason, by }) => noted(side, await skipSide({ run: run.run, side, reason, by: by ?? null })),
    );
  }
}

const readSide = (run: OpenedRun, side: string): Promise<string> =>
  loads.readSide.executeWithOptions({ summary: `read ${side}` }, [run, side]);

const skipSide = (skipped: SkippedSide): Promise<string> =>
  quick.skipSide.executeWithOptions({ summary: `go on without ${skipped.side}` }, [skipped]);

async function load(run: OpenedRun, file: ExportedFile): Promise<void> {
  await loads.loadFile.executeWithOptions({ summary: `load ${file.object}, ${file.recordCount} rows` }, [
    run,
    file,
  ]);
}

/** Bounded fan-out; the first failure wins, after the others have come to their end. */
async function sideBySide<Item>(width: number, items: readonly Item[], work: (item: Item) => Promise<void>) {
  const left = [...items];
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  const lanes = await Promise.allSettled(Array.from({ length: width }, lane));
  const failed = lanes.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function transform(run: OpenedRun): Promise<string> {
  const types = await quick.templateTypes.executeWithOptions({ summary: 'read the default templates' }, [
    { entity: run.entity },
  ]);
  const notes: string[] = [];
  for (const type of types) {
    const { lines, withheld } = await long.transform.executeWithOptions({ summary: `form ${type} lines` }, [
      run,
      type,
    ]);
    notes.push(`${lines} ${type}${withheld === '0' ? '' : `, ${withheld} of them held back`}`);
  }
  return notes.join('; ');
}

async function finish(run: OpenedRun): Promise<FinishedRun> {
  return long.finishRun.executeWithOptions({ summary: 'prove the balance, move the mark' }, [run]);
}

/** The awaited child; a collection of the organisation that runs already is waited for. */
async function collect(desk: Desk, run: OpenedRun, finished: FinishedRun): Promise<CollectionOutcome | null> {
  if (!finished.autoCollect) return null;
  return desk.step(
    'collect',
    async () => {
      for (let pause = 5; ; pause = Math.min(2 * pause, 300)) {
        try {
          return await executeChild(dataCollection, {
            args: [{ org: run.org }],
            workflowId: `data-collection/${run.org}`,
            staticSummary: `Data Collection of ${run.org}`,
          });
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
          // One that waits for a person may run for days, and every look costs history.
          await sleep(`${pause} seconds`, { summary: `a collection of ${run.org} is running` });
        }
      }
    },
    ({ collected, waiting }) => `${collected} lines collected, ${waiting} wait`,
  );
}

async function giveUp(run: OpenedRun, sides: readonly string[], error: unknown): Promise<void> {
  const reason =
    error instanceof RunAborted
      ? `aborted: ${error.message}`
      : isCancellation(error)
        ? 'cancelled'
        : 'failed';
  await quick.abandonRun.executeWithOptions({ summary: 'give the run up' }, [{ run: run.run, reason }]);
  const hurried = activities({ ...QUICK, scheduleToCloseTimeout: '1 minute' });
  const whose = { entity: run.entity, run: run.run };
  try {
    await hurried.cancelExport(whose);
    if (sides.length > 0) await hurried.cancelSides(whose);
  } catch {
    // The export ends by itself; nobody reads it.
  }
}

const describeWindow = (run: OpenedRun | null): string =>
  run === null
    ? 'refused'
    : [`${run.window.from ?? 'the beginning'} to ${run.window.to}`, run.note ?? []].flat().join(', ');

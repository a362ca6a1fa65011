/**
 * Records the histories that `replay.test.ts` replays: `npx tsx test/replay/record.ts [shape ...]`, in the
 * project's folder; without names, all of them. Each shape below is one workflow brought to its end on the time-skipping server, with activities
 * that only pretend; its history becomes `histories/<shape>.json`, written with `historyToJSON`.
 *
 * Record anew only when a change of workflow code is *meant* to differ from runs that are under way, and
 * say so in the changelog; a change that must not differ is proven by the histories that are here.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { TestWorkflowEnvironment } from '@temporalio/testing';

import type { Activities } from '../../activities/activities.ts';
import type { InstantOnRead } from '../../activities/instant-on.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import {
  type ChildName,
  type ChildWork,
  type JsonObject,
  STEP_NUMBERS,
  type StepNumber,
  type Turn,
} from '../../src/domain/enablement/step.ts';
import { stepOf } from '../../src/domain/enablement/steps.ts';
import type { EnablementView } from '../../src/domain/enablement/view.ts';
import type { LoopView } from '../../src/domain/instant-on/loop-view.ts';
import {
  allButOnly,
  ask,
  done,
  type Look,
  newScript,
  notApplicable,
  type Script,
  scriptedSteps,
  type Turns,
} from '../support/enablement-script.ts';
import { mockActivities } from '../support/mock-activities.ts';
import { bundle, startTimeSkipping, untilWaiting } from '../support/temporal.ts';
import { createTestWorkers } from '../support/test-workers.ts';

const HISTORIES = join(import.meta.dirname, 'histories');

/** Written into every history instead of a process and a host. */
const IDENTITY = 'revsync';

interface Handle {
  signal(name: string, ...data: unknown[]): Promise<void>;
  query<T>(name: string): Promise<T>;
  executeUpdate(name: string, options: { args: unknown[] }): Promise<unknown>;
}

interface Shape {
  readonly workflow:
    | 'revenueSync'
    | 'dataCollection'
    | 'exchangeRateSync'
    | 'settingsSync'
    | 'invoiceSettlementBackfill'
    | 'instantOn'
    | 'enablement';
  readonly input: object | string;
  readonly activities: () => Partial<Activities>;
  readonly during?: (handle: Handle, env: TestWorkflowEnvironment) => Promise<void>;
}

const failed = (code: string, fate: 'retry' | 'fix-input', retryAfter?: number): RevsyncError =>
  new RevsyncError(`${code} happened.`, {
    code,
    fate,
    remedy: 'Do something.',
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });

/** Fails the first `times` calls, then does what the run needs. */
const after = <Result>(times: number, error: RevsyncError, result: Result) => {
  let calls = 0;
  return async (): Promise<Result> => {
    calls += 1;
    if (calls <= times) throw error;
    return result;
  };
};

/** Memos that Billing has and we do not, until they are compared for the n-th time. */
const differingUntil = (nth: number) => {
  let compared = 0;
  const total = (count: string) => ({ count, amount: count });
  return async () => {
    compared += 1;
    const memos = { object: 'CreditMemo', currency: 'USD', status: 'Posted', equal: false };
    return compared < nth ? [{ ...memos, billing: total('2'), prestaging: total('1') }] : [];
  };
};

const FILES = ['Account', 'RatePlanCharge', 'InvoiceItem'].map((object, index) => ({
  object,
  fileIds: [`file-${index + 1}`],
  recordCount: String(index + 1),
  full: true,
}));
const LOADED = { extracted: '1', changed: '1', unchanged: '0', replaced: '0', rejected: '0' };
const RECORDED = { read: '3', new: '2', changed: '1', unchanged: '0', refused: '0', refusals: [] };
const threeFiles = { awaitExport: async () => FILES };

/** Sends each message to a loop as soon as its view has what is named before it, and ends the loop after the last. */
const steer =
  (...messages: readonly [(view: LoopView) => boolean, string, object][]) =>
  async (handle: Handle) => {
    for (const [met, update, message] of messages) {
      await until(handle, met);
      await handle.executeUpdate(update, { args: [message] });
    }
  };

async function until(handle: Handle, met: (view: LoopView) => boolean): Promise<void> {
  for (let looks = 0; looks < 600; looks += 1) {
    if (met(await handle.query<LoopView>('state'))) return;
    await sleep(50);
  }
  throw new Error('the loop never came so far');
}

const rests = (runs: number) => (view: LoopView) => view.status === 'resting' && view.counts.runs >= runs;
const is = (status: LoopView['status']) => (view: LoopView) => view.status === status;
const failedTimes = (failures: number) => (view: LoopView) =>
  view.counts.failuresInARow === failures && ['backing-off', 'waiting'].includes(view.status);
const END = ['abort', { reason: 'the record is complete', by: 'ann' }] as const;

/** Sends each message to an enablement as soon as the step named before it waits. */
const enable =
  (...messages: readonly [StepNumber, string, object][]) =>
  async (handle: Handle) => {
    for (const [step, update, message] of messages) {
      await untilEnabled(handle, ({ awaiting }) => awaiting?.step === step);
      await handle.executeUpdate(update, { args: [message] });
    }
  };

async function untilEnabled(handle: Handle, met: (view: EnablementView) => boolean): Promise<void> {
  for (let looks = 0; looks < 600; looks += 1) {
    if (met(await handle.query<EnablementView>('state'))) return;
    await sleep(50);
  }
  throw new Error('the enablement never came so far');
}

const answers = (...steps: readonly StepNumber[]): [StepNumber, string, object][] =>
  steps.map((step) => [step, 'answer', { step, value: stepOf(step).example, by: 'ann' }]);

const steps = (turns: Turns) => () => scriptedSteps(newScript(turns), { tenant: 'demo' });

/** A step that has workflows run, and is done when they were. */
const has =
  (work: readonly ChildWork[]) =>
  ({ runs }: Look): Turn =>
    runs.length === work.length ? done('they ran') : { kind: 'work', note: 'they run', work };
const child = (workflow: ChildName, id: string, input: JsonObject = {}): ChildWork => ({
  workflow,
  id,
  input,
  summary: id,
});

const send = (update: string, message: object) => async (handle: Handle) => {
  await untilWaiting(handle);
  await handle.executeUpdate(update, { args: [message] });
};

const SHAPES: Readonly<Record<string, Shape>> = {
  'revenue-sync-completed': { workflow: 'revenueSync', input: {}, activities: () => threeFiles },
  'revenue-sync-export-asked-again': {
    workflow: 'revenueSync',
    input: { entity: 'demo' },
    activities: () => ({
      awaitExport: after(3, failed('EXPORT_RUNNING', 'retry', 60_000), FILES),
      loadFile: after(1, failed('BILLING_FILE_GONE', 'retry'), LOADED),
    }),
  },
  'revenue-sync-waited-and-retried': {
    workflow: 'revenueSync',
    input: { entity: 'demo', from: '2024-01-01', to: '2024-02-01' },
    activities: () => ({
      ...threeFiles,
      submitExport: after(1, failed('BILLING_PERMISSION_MISSING', 'fix-input'), { jobId: 'job-1' }),
    }),
    during: send('retry', { step: 'extract', by: 'ann' }),
  },
  'revenue-sync-aborted': {
    workflow: 'revenueSync',
    input: { entity: 'demo' },
    activities: () => ({
      finishRun: async () => {
        throw failed('BALANCE_UNEQUAL', 'fix-input');
      },
    }),
    during: send('abort', { reason: 'wrong tenant', by: 'ann' }),
  },
  'revenue-sync-side-skipped': {
    workflow: 'revenueSync',
    input: { entity: 'demo' },
    activities: () => ({
      ...threeFiles,
      submitExport: async () => ({ jobId: 'job-1', sides: ['prices', 'keys'] }),
      readSide: async (_run, side) => {
        if (side === 'keys') throw failed('KEYS_VANISHED', 'fix-input');
        return 'nothing new';
      },
    }),
    during: send('skip', { step: 'sides', reason: 'rows were purged', by: 'ann' }),
  },
  'revenue-sync-refused': {
    workflow: 'revenueSync',
    input: { entity: 'demo', queue: false },
    activities: () => ({
      openSyncRun: async () => {
        throw failed('RUN_REFUSED', 'fix-input');
      },
    }),
  },
  'data-collection-completed': { workflow: 'dataCollection', input: {}, activities: () => ({}) },
  'data-collection-waited': {
    workflow: 'dataCollection',
    input: { org: 'default' },
    activities: () => ({
      openDataCollection: after(3, failed('COLLECTION_IN_PROGRESS', 'retry', 100), {
        collection: '7',
        org: 'default',
        tenant: 'demo',
      }),
      collectLines: after(1, failed('PERIOD_PENDING_CLOSE', 'fix-input'), {
        org: 'default',
        contracts: '1',
        lines: '2',
        collected: '2',
        waiting: '0',
        stopped: '0',
      }),
    }),
    during: send('retry', {}),
  },
  'data-collection-decided': {
    workflow: 'dataCollection',
    input: { org: 'default', decide: true },
    activities: () => ({}),
    during: send('releaseHold', {
      lines: ['SO:charge.1@1#2'],
      as: 'correction',
      reason: 'The price was mistyped.',
      by: 'ann',
    }),
  },
  'exchange-rate-sync-completed': { workflow: 'exchangeRateSync', input: {}, activities: () => ({}) },
  'exchange-rate-sync-without-table': {
    workflow: 'exchangeRateSync',
    input: { entity: 'demo', from: '2024-01-01', to: '2024-01-02' },
    activities: () => ({
      readRates: async () => {
        throw failed('BILLING_PERMISSION_MISSING', 'fix-input');
      },
      recordExtractedRates: after(1, failed('EXCHANGE_RATES_NOWHERE', 'fix-input'), {
        ...RECORDED,
        told: [],
      }),
    }),
    during: send('retry', {}),
  },
  'settings-sync-completed': { workflow: 'settingsSync', input: {}, activities: () => ({}) },
  'settings-sync-waited-and-retried': {
    workflow: 'settingsSync',
    input: {},
    activities: () => ({
      readSettings: after(1, failed('BILLING_CREDENTIALS_REFUSED', 'fix-input'), {
        tenant: 'demo',
        entities: '2',
        misfits: '1',
        unknown: '0',
      }),
    }),
    during: send('retry', { step: 'read', by: 'ann' }),
  },
  'invoice-settlement-backfill-completed': {
    workflow: 'invoiceSettlementBackfill',
    input: {},
    activities: () => ({}),
  },
  'invoice-settlement-backfill-caught-up-and-waited': {
    workflow: 'invoiceSettlementBackfill',
    input: { entity: 'demo', switchDate: '2024-02-01', chunk: 'quarter' },
    activities: () => ({ proveHistory: differingUntil(3) }),
    during: send('retry', { step: 'proof', by: 'ann' }),
  },
  'instant-on-runs-paused-and-resumed': {
    workflow: 'instantOn',
    input: {},
    activities: () => ({}),
    during: steer(
      [rests(1), 'setInterval', { seconds: 3_600, by: 'ann' }],
      [rests(1), 'runNow', {}],
      [rests(2), 'pause', { reason: 'the quarter closes', by: 'ann' }],
      [is('paused'), 'runNow', { by: 'bob' }],
      [(view) => view.status === 'paused' && view.counts.runs === 3, 'resume', {}],
      [rests(3), ...END],
    ),
  },
  'instant-on-failed-waited-and-retried': {
    workflow: 'instantOn',
    input: { entity: 'demo' },
    activities: () => {
      const opened = {
        tenant: 'demo',
        run: '1',
        entity: 'demo',
        org: 'default',
        window: { from: null, to: '2024-03-01T00:00:00.000Z' },
      };
      return { openSyncRun: after(6, failed('ENTITY_UNKNOWN', 'fix-input'), opened) };
    },
    during: steer(
      ...[1, 2, 3, 4, 5].map((times): [(view: LoopView) => boolean, string, object] => [
        failedTimes(times),
        'runNow',
        {},
      ]),
      [is('waiting'), 'retry', { by: 'ann' }],
      [is('resting'), ...END],
    ),
  },
  'instant-on-off-then-before-its-start': {
    workflow: 'instantOn',
    input: { entity: 'demo' },
    activities: () => {
      const stands = { tenant: 'demo', entity: 'demo', on: true, off: null, from: null } as const;
      const settings: InstantOnRead[] = [
        { ...stands, on: false, off: 'AUTO_REVENUESYNC is No.', seconds: 30, secondsFrom: 'default' },
        { ...stands, from: '2999-01-01T00:00:00.000Z', seconds: 60, secondsFrom: 'RevenueSync_Duration' },
      ];
      return {
        readInstantOn: async () =>
          settings.shift() ?? { ...stands, seconds: 60, secondsFrom: 'RevenueSync_Duration' },
      };
    },
    during: steer(
      [is('waiting'), 'retry', {}],
      [is('before-start'), 'runNow', { by: 'ann' }],
      [rests(1), ...END],
    ),
  },
  'instant-on-begun-anew': {
    workflow: 'instantOn',
    input: { entity: 'demo', maxHistory: 20 },
    activities: () => ({}),
    during: steer([rests(1), 'runNow', {}], [rests(2), 'runNow', {}], [rests(3), ...END]),
  },
  'enablement-every-step-answered': {
    workflow: 'enablement',
    input: {},
    activities: steps({}),
    during: enable(...answers(...STEP_NUMBERS)),
  },
  'enablement-has-workflows-run': {
    workflow: 'enablement',
    input: 'Acme Inc.',
    activities: steps({
      ...allButOnly([]),
      2: () => notApplicable('There is one entity.'),
      4: has([child('settingsSync', 'settings-sync/demo')]),
      8: has([child('exchangeRateSync', 'exchange-rate-sync/demo', { entity: 'demo' })]),
      9: has([child('invoiceSettlementBackfill', 'invoice-settlement-backfill/demo')]),
      10: has([child('revenueSync', 'revenue-sync/demo', { entity: 'demo', collect: false })]),
      11: has([child('dataCollection', 'data-collection/default', { org: 'default' })]),
    }),
  },
  'enablement-failed-and-retried': {
    workflow: 'enablement',
    input: { by: 'ann' },
    activities: () => {
      const { advanceStep, ...rest } = steps(allButOnly([4]))();
      let failures = 0;
      return {
        ...rest,
        async advanceStep(asked) {
          failures += asked.step === 4 ? 1 : 0;
          if (asked.step === 4 && failures <= 2) throw failed('BILLING_CREDENTIALS_REFUSED', 'fix-input');
          return advanceStep?.(asked) ?? done('');
        },
      };
    },
    during: enable([4, 'retry', { step: 4, by: 'ann' }], [4, 'retry', {}], ...answers(4)),
  },
  'enablement-kept-skipped-and-refused': {
    workflow: 'enablement',
    input: {},
    activities: () =>
      scriptedSteps(
        newScript(allButOnly([2, 4, 5, 7, 8]), (step) => (step === 8 ? 'There is no such schedule.' : null)),
        { tenant: 'demo' },
      ),
    async during(handle) {
      await untilEnabled(handle, ({ awaiting }) => awaiting?.step === 2);
      for (const data of [
        undefined,
        { step: 8, value: { schedule: 'daily' } },
        { step: 9, value: { approve: true }, by: 'bob' },
        { step: 7, value: { skip: true, reason: 'Next quarter.' }, by: 'bob' },
      ]) {
        await handle.signal('answer', ...(data === undefined ? [] : [data]));
      }
      await enable(
        ...answers(2, 4),
        [5, 'skip', { step: 5, reason: 'None is needed.', by: 'ann' }],
        [8, 'skip', { step: 8, reason: 'By hand.' }],
      )(handle);
    },
  },
  'enablement-amended-then-aborted': {
    workflow: 'enablement',
    input: {},
    activities: steps(allButOnly([5, 6, 7])),
    during: enable(
      ...answers(5, 6),
      [7, 'amend', { step: 5, value: { approve: true, mapping: [] }, reason: 'None is needed.', by: 'bob' }],
      ...answers(6),
      [7, 'abort', { reason: 'another year', by: 'ann' }],
    ),
  },
  'enablement-polled-and-reminded': {
    workflow: 'enablement',
    input: { reminders: { after: [1], every: 1, escalateAfter: 2 } },
    activities: () => {
      const script = newScript(allButOnly([]));
      script.turns[3] = () => (script.reminders.length >= 3 ? done('It is USD.') : ask(3, true));
      const scripted = scriptedSteps(script, { tenant: 'demo' });
      return { ...scripted, awaitStep: async () => requireReminded(script) };
    },
    async during(handle, env) {
      await untilEnabled(handle, ({ awaiting }) => awaiting?.step === 3);
      await env.sleep('4 hours');
    },
  },
  'enablement-begun-anew': {
    workflow: 'enablement',
    input: { maxHistory: 110 },
    activities: steps({}),
    during: enable(...answers(...STEP_NUMBERS)),
  },
};

/** What is polled for comes after three reminders. */
function requireReminded({ reminders }: Script): void {
  if (reminders.length < 3) throw failed('STEP_WAITS', 'retry', 600_000);
}

/** The history of one shape, as JSON that every SDK can replay. */
async function record(env: TestWorkflowEnvironment, name: string, shape: Shape): Promise<string> {
  const workers = await createTestWorkers({
    connection: env.nativeConnection,
    identity: IDENTITY,
    taskQueue: name,
    workflowBundle: await bundle(),
    activities: mockActivities(shape.activities()),
  });
  const client = new Client({ connection: env.connection, identity: IDENTITY });
  return workers.runUntil(async () => {
    const handle = await client.workflow.start(shape.workflow, {
      taskQueue: name,
      workflowId: name,
      args: [shape.input],
    });
    // Time is skipped only while a result is awaited; a run that waits for an operator must not see that.
    await shape.during?.(handle as never, env);
    await env.client.workflow.getHandle(name).result();
    const json = historyToJSON(await handle.fetchHistory());
    return JSON.stringify(withoutMachine(JSON.parse(json)), null, 1);
  });
}

/** Stack traces of failures name folders of this machine, and nothing replays them. */
function withoutMachine(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMachine);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      key === 'stackTrace' ? [] : [[key, key === 'identity' ? IDENTITY : withoutMachine(inner)]],
    ),
  );
}

async function recordAll(): Promise<void> {
  await mkdir(HISTORIES, { recursive: true });
  const chosen = process.argv.slice(2);
  for (const [name, shape] of Object.entries(SHAPES)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    // A server for each: what one leaves behind could hold the clock of the next.
    const env = await startTimeSkipping();
    try {
      await writeFile(join(HISTORIES, `${name}.json`), `${await record(env, name, shape)}\n`);
      process.stdout.write(`${name}\n`);
    } finally {
      await env.teardown();
    }
  }
}

await recordAll();

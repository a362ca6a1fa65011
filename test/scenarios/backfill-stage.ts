import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client, type WorkflowHandle } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';

import type { Activities } from '../../activities/activities.ts';
import { SEARCH_ATTRIBUTES } from '../../src/domain/operator/search-attributes.ts';
import type { DeskState } from '../../src/domain/operator/steps.ts';
import { openStateFolder } from '../../src/servers/state-folder.ts';
import { resolveTemporalCli } from '../../src/servers/temporal-cli.ts';
import { startTemporal } from '../../src/servers/temporal.ts';
import { temporalLoops } from '../../workers/loops.ts';
import { temporalSchedules } from '../../workers/schedules.ts';
import type { BackfillOutcome } from '../../workflows/invoice-settlement-backfill.ts';
import type { SyncOutcome } from '../../workflows/revenue-sync.ts';
import { SETTLING, settlingTenant } from '../support/settling-tenant.ts';
import { bundle } from '../support/temporal.ts';
import { createTestWorkers } from '../support/test-workers.ts';
import { openScene, type Scene } from './scene.ts';

const ROOT = process.cwd();
const quiet = (): void => undefined;

export const BACKFILL = 'invoice-settlement-backfill/demo';
export const LOOP = 'instant-on/demo';

/** Called when an activity begins; what it waits for delays the activity. */
export type Hook = (activity: keyof Activities) => Promise<void>;

/** A tenant that Invoice Settlement was enabled for after its first sync, and a worker. */
export interface SettlingScene extends Scene {
  readonly client: Client;
  /** Stands before every activity. */
  hook: Hook;
  sync(input?: object): Promise<SyncOutcome>;
  /** Starts the loop of Instant On, which nobody awaits. */
  loop(): Promise<WorkflowHandle>;
  /** Starts the backfill, which may be awaited. */
  begin(input?: object): Promise<WorkflowHandle>;
  backfill(input?: object): Promise<BackfillOutcome>;
  /** Stops the worker, as soon as nothing runs on it, and starts another one. */
  exchangeWorker(): Promise<void>;
}

export interface BackfillStage {
  play<Result>(work: (scene: SettlingScene) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** A development server, which knows schedules and lets workflows be terminated at any time. */
export async function openBackfillStage(): Promise<BackfillStage> {
  const folder = await mkdtemp(join(tmpdir(), 'revsync-backfill-'));
  const env = { ...process.env, REVSYNC_STATE_DIR: folder };
  const state = await openStateFolder({ env, projectRoot: ROOT, report: quiet });
  const cli = await resolveTemporalCli({ env: process.env, state, report: quiet });
  const temporal = await startTemporal({ cli, state, report: quiet, searchAttributes: SEARCH_ATTRIBUTES });
  const connection = await NativeConnection.connect({ address: temporal.address });
  const client = new Client({ connection });
  let scenes = 0;
  return {
    async play(work) {
      scenes += 1;
      return playOn(client, connection, `revsync-${scenes}`, work);
    },
    async close() {
      await connection.close();
      await temporal.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function playOn<Result>(
  client: Client,
  connection: NativeConnection,
  taskQueue: string,
  work: (scene: SettlingScene) => Promise<Result>,
): Promise<Result> {
  const tenant = settlingTenant(SETTLING);
  const whose = { tenant: 'demo', taskQueue };
  const opened = await openScene({
    tenant,
    schedules: temporalSchedules(client, whose),
    loops: temporalLoops(client, whose),
    isOver: async ({ workflowId, runId }) =>
      (await client.workflow.getHandle(workflowId, runId).describe()).status.name !== 'RUNNING',
  });
  const start = (type: string, workflowId: string, input: object) =>
    client.workflow.start(type, { taskQueue, workflowId, args: [input] });
  const scene: SettlingScene = Object.assign(opened, {
    client,
    hook: async () => undefined,
    sync: async (input = {}) => endOf<SyncOutcome>(await start('revenueSync', 'revenue-sync/demo', input)),
    loop: () => start('instantOn', LOOP, { entity: 'demo' }),
    begin: (input = {}) => start('invoiceSettlementBackfill', BACKFILL, input),
    backfill: async (input: object = {}) => endOf<BackfillOutcome>(await scene.begin(input)),
    async exchangeWorker() {
      await worker.stop();
      worker = await startWorker(connection, taskQueue, scene);
    },
  });
  let worker = await startWorker(connection, taskQueue, scene);
  try {
    await scene.sync();
    tenant.settle();
    return await work(scene);
  } finally {
    for (const id of [BACKFILL, LOOP]) await client.workflow.getHandle(id).terminate().catch(quiet);
    await worker.stop();
    await scene.close();
  }
}

async function startWorker(connection: NativeConnection, taskQueue: string, scene: SettlingScene) {
  const names = Object.keys(scene.activities) as (keyof Activities)[];
  const workers = await createTestWorkers({
    connection,
    taskQueue,
    workflowBundle: await bundle(),
    maxCachedWorkflows: 20,
    activities: Object.fromEntries(
      names.map((name) => [
        name,
        async (...args: unknown[]) => {
          await scene.hook(name);
          return (scene.activities[name] as (...values: unknown[]) => unknown)(...args);
        },
      ]),
    ),
  });
  return workers.start();
}

/** The result of a workflow that nobody has to help; what it waits for fails the test. */
export async function endOf<Result>(handle: WorkflowHandle): Promise<Result> {
  for (;;) {
    const { status, searchAttributes } = await handle.describe();
    if (status.name !== 'RUNNING') return (await handle.result()) as Result;
    if (searchAttributes['AwaitingAction']?.[0] === true) {
      const { awaiting } = await handle.query<DeskState>('state');
      if (awaiting !== null) throw new Error(`it waits at ${awaiting.step}: ${awaiting.message}`);
    }
    await sleep(100);
  }
}

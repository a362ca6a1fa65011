import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client, Connection, type ScheduleHandle, type ScheduleUpdateOptions } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';

import type { Activities } from '../../activities/activities.ts';
import { SEARCH_ATTRIBUTES } from '../../src/domain/operator/search-attributes.ts';
import { openStateFolder } from '../../src/servers/state-folder.ts';
import { resolveTemporalCli } from '../../src/servers/temporal-cli.ts';
import { type RunningTemporal, startTemporal } from '../../src/servers/temporal.ts';
import { until } from '../support/command-line.ts';
import { mockActivities } from '../support/mock-activities.ts';
import { bundle, quietRuntime } from '../support/temporal.ts';
import { createTestWorkers } from '../support/test-workers.ts';

const ROOT = process.cwd();
const quiet = (): void => undefined;

export const TASK_QUEUE = 'revsync';

/** A development server on a database file, which knows schedules, and workers whose activities a test replaces. */
export interface ScheduleStage {
  readonly client: Client;
  /** What the workers work with from now on: ours that go well, but for those given. */
  play(replaced?: Partial<Activities>): void;
  /** Stops the server and starts it again on the same file after so many milliseconds; answers when it was stopped and started. */
  outage(milliseconds: number): Promise<{ readonly stopped: number; readonly started: number }>;
  close(): Promise<void>;
}

export async function openScheduleStage(): Promise<ScheduleStage> {
  quietRuntime();
  const folder = await mkdtemp(join(tmpdir(), 'revsync-schedules-'));
  const env = { ...process.env, REVSYNC_STATE_DIR: folder };
  const state = await openStateFolder({ env, projectRoot: ROOT, report: quiet });
  const cli = await resolveTemporalCli({ env: process.env, state, report: quiet });
  const start = (ports: object) =>
    startTemporal({ cli, state, report: quiet, searchAttributes: SEARCH_ATTRIBUTES, ...ports });

  let playing: Activities = mockActivities();
  let temporal = await start({});
  let workers = await startWorkers(temporal, () => playing);
  const connection = await Connection.connect({ address: temporal.address });
  return {
    client: new Client({ connection }),
    play: (replaced) => void (playing = mockActivities(replaced)),
    async outage(milliseconds) {
      const { ports } = temporal;
      await workers.stop();
      await temporal.stop();
      const stopped = Date.now();
      await sleep(milliseconds);
      const started = Date.now();
      temporal = await start({ ports });
      workers = await startWorkers(temporal, () => playing);
      return { stopped, started };
    },
    async close() {
      await connection.close();
      await workers.stop();
      await temporal.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startWorkers({ address }: RunningTemporal, playing: () => Activities) {
  const connection = await NativeConnection.connect({ address });
  const names = Object.keys(playing()) as (keyof Activities)[];
  const workers = await createTestWorkers({
    connection,
    taskQueue: TASK_QUEUE,
    workflowBundle: await bundle(),
    activities: Object.fromEntries(
      names.map((name) => [
        name,
        (...args: unknown[]) => (playing()[name] as (...values: unknown[]) => unknown)(...args),
      ]),
    ),
  });
  const working = workers.start();
  return {
    async stop() {
      await working.stop();
      await connection.close();
    },
  };
}

/**
 * What the form of the Temporal UI does: it sends back the schedule that it has read, with what was changed. Comes back
 * once Temporal tells it so: a pause sent right after an edit may be taken before it, and is lost then.
 */
export async function edit(
  handle: ScheduleHandle,
  change: (before: ScheduleUpdateOptions) => Partial<ScheduleUpdateOptions>,
): Promise<void> {
  const updatedAt = async () => (await handle.describe()).info.lastUpdatedAt?.getTime();
  const before = await updatedAt();
  await handle.update((read) => {
    const known = read as unknown as ScheduleUpdateOptions;
    return { ...known, ...change(known) };
  });
  await until('the edit is there', async () => (await updatedAt()) !== before);
}

import type { Logger } from 'pino';

import type { RunningWorker } from '../../workers/main.ts';
import { type Db, openDatabase, openPool } from '../store/database.ts';
import { databaseHealth } from '../store/database-health.ts';
import { changesIn } from '../telemetry/changes.ts';
import { type Endpoint, startEndpoint, type Told } from '../telemetry/endpoint.ts';
import { readinessOf } from '../telemetry/readiness.ts';
import { scrapeOf } from '../telemetry/scrape.ts';
import type { Configuration } from './configuration.ts';
import { version } from './version.ts';

/** A scrape and a question whether the worker is ready may come at once. */
const CONNECTIONS = 2;
/** Longer than whoever asks waits, in milliseconds. */
const PATIENCE = 5_000;

export interface WorkerEndpoint extends Endpoint {
  /** From now on it tells of this worker; until then it says that it starts. */
  tellOf(worker: RunningWorker): void;
}

/**
 * Serves metrics, health and readiness of a worker at `address`. It asks the database on connections of its own: a
 * worker with its hands full still answers.
 *
 * @throws RevsyncError `HTTP_ADDRESS_UNUSABLE`
 */
export async function openWorkerEndpoint(
  address: string,
  surroundings: WorkerSurroundings,
): Promise<WorkerEndpoint> {
  const { databaseUrl, log } = surroundings;
  const options = { role: 'revsync_worker', connections: CONNECTIONS, patience: PATIENCE } as const;
  const db = openDatabase(openPool(databaseUrl, options));
  const revsync = await version();
  let told: Omit<Told, 'failed'> = {
    metrics: surroundings.measured,
    alive: () => true,
    ready: async () => ({ workers: 'starting' }),
  };
  try {
    const endpoint = await startEndpoint(address, {
      metrics: () => told.metrics(),
      alive: () => told.alive(),
      ready: () => told.ready(),
      failed: (error) => log.error({ err: error }, 'the endpoint could not tell'),
    });
    return {
      url: endpoint.url,
      tellOf: (worker) => void (told = toldOf(worker, db, revsync, surroundings)),
      async stop() {
        await endpoint.stop();
        await db.destroy();
      },
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function toldOf(
  worker: RunningWorker,
  db: Db,
  revsync: string,
  { configuration, measured, log }: WorkerSurroundings,
): Omit<Told, 'failed'> {
  const { client, sdkMetrics } = worker;
  const changes = changesIn(log);
  return {
    metrics: scrapeOf({
      db,
      temporal: client,
      taskQueue: configuration.REVSYNC_TASK_QUEUE,
      version: revsync,
      measured: sdkMetrics === null ? [measured] : [measured, sdkMetrics],
      changes,
    }),
    alive: () => !worker.states().includes('FAILED'),
    ready: readinessOf(
      {
        workers: () => (worker.states().every((state) => state === 'RUNNING') ? 'ok' : 'not polling'),
        // A backup that was restored may be older than the worker.
        database: async () => ((await databaseHealth(db)).pending.length === 0 ? 'ok' : 'not migrated'),
        temporal: async () => client.workflowService.getSystemInfo({}).then(() => 'ok'),
      },
      changes,
    ),
  };
}

export interface WorkerSurroundings {
  readonly configuration: Configuration;
  readonly databaseUrl: string;
  readonly log: Logger;
  /** What the worker measured itself, as Prometheus reads it. */
  readonly measured: () => Promise<string>;
}

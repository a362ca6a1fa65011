import { Client } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import type { Logger } from 'pino';

import { createActivities } from '../activities/activities.ts';
import type { Dependencies } from '../activities/dependencies.ts';
import type { Observer } from '../activities/reporting.ts';
import { SEARCH_ATTRIBUTES } from '../src/domain/operator/search-attributes.ts';
import type { WorkerQueue } from '../src/domain/operator/task-queues.ts';
import { ensureSearchAttributes } from '../src/servers/search-attributes.ts';
import type { Tracing } from '../src/telemetry/tracing.ts';
import { temporalLoops } from './loops.ts';
import { FORCED_END, isForcedEnd } from './forced-end.ts';
import { createQueueWorkers } from './queue-workers.ts';
import { installRuntime, type SdkMetrics } from './runtime.ts';
import { temporalSchedules } from './schedules.ts';

/** How a client or worker reaches Temporal. */
export interface TemporalAccess {
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string | undefined;
  readonly tls?:
    { clientCertPair?: { crt: Buffer; key: Buffer }; serverRootCACertificate?: Buffer } | boolean;
}

export interface WorkerOptions {
  readonly temporal: TemporalAccess;
  /** The name that those of all queues begin with. */
  readonly taskQueue: string;
  /** Those that this process serves. */
  readonly queues: readonly WorkerQueue[];
  /** How many connections the pool of `dependencies` has. */
  readonly databaseConnections: number;
  readonly cacheDir: string;
  /** What it calls itself in Temporal; process and host where left out. */
  readonly identity?: string;
  readonly log: Logger;
  readonly telemetry: WorkerTelemetry;
  /** Everything but what the worker's own Temporal client knows. */
  readonly dependencies: Omit<Dependencies, 'isOver' | 'schedules' | 'loops'>;
}

export interface WorkerTelemetry {
  /** Told of every attempt of an activity. */
  readonly observe: Observer['observe'];
  /** Whether the SDK's own metrics are wanted; the first worker of a process decides. */
  readonly sdkMetrics: boolean;
  /** Null while traces are off. */
  readonly tracing: Tracing | null;
}

export interface RunningWorker {
  /** Lets running activities end, then stops. */
  stop(): Promise<void>;
  /** Settles when the worker has ended, however. */
  readonly ended: Promise<void>;
  /** The client of its activities; its connection is closed when the worker has ended. */
  readonly client: Client;
  /** State of each queue's worker: RUNNING, or how it came not to be. */
  states(): readonly ReturnType<Worker['getState']>[];
  /** Null where they were not wanted. */
  readonly sdkMetrics: SdkMetrics | null;
}

/**
 * Connects, sees to the search attributes, and polls the queues until it is stopped.
 *
 * @throws RevsyncError what `ensureSearchAttributes` throws
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { log } = options;
  const sdkMetrics = await installRuntime(log, options.telemetry.sdkMetrics);
  const connection = await connect(options.temporal);
  const client = new Client({
    connection,
    namespace: options.temporal.namespace,
    ...options.telemetry.tracing?.client,
  });
  const workers = await prepare(connection, client, options).catch(async (error: unknown) => {
    await connection.close().catch(() => undefined);
    throw error;
  });
  let stopping = false;
  const ended = runToEnd(workers, connection).catch((error: unknown) => {
    if (!stopping || !isForcedEnd(error)) throw error;
    log.warn(FORCED_END);
  });
  ended.catch((error: unknown) => log.error({ err: error }, 'the worker ended with an error'));
  return {
    ended,
    client,
    sdkMetrics,
    states: () => workers.map((worker) => worker.getState()),
    async stop() {
      stopping = true;
      shutDown(workers);
      await ended.catch(() => undefined);
    },
  };
}

function connect({ address, apiKey, tls }: TemporalAccess): Promise<NativeConnection> {
  return NativeConnection.connect({
    address,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? {} : { tls }),
  });
}

/** One worker a queue; they share the connection and the activities. */
async function prepare(
  connection: NativeConnection,
  client: Client,
  options: WorkerOptions,
): Promise<Worker[]> {
  const { namespace } = options.temporal;
  const whose = { tenant: options.dependencies.tenant.tenant, taskQueue: options.taskQueue };
  await ensureSearchAttributes(connection, { namespace, searchAttributes: SEARCH_ATTRIBUTES });
  return createQueueWorkers({
    connection,
    namespace,
    base: options.taskQueue,
    queues: options.queues,
    databaseConnections: options.databaseConnections,
    cacheDir: options.cacheDir,
    ...(options.identity === undefined ? {} : { identity: options.identity }),
    observer: { log: options.log, observe: options.telemetry.observe },
    tracing: options.telemetry.tracing,
    activities: createActivities({
      ...options.dependencies,
      isOver: (owner) => isOver(client, owner),
      schedules: temporalSchedules(client, whose),
      loops: temporalLoops(client, whose),
    }),
  });
}

/** When one queue's worker ends, for whatever reason, the others do, too: half a process would not be noticed. */
async function runToEnd(workers: readonly Worker[], connection: NativeConnection): Promise<void> {
  const runs = workers.map((worker) => worker.run().finally(() => shutDown(workers)));
  try {
    const ends = await Promise.allSettled(runs);
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  } finally {
    await connection.close();
  }
}

function shutDown(workers: readonly Worker[]): void {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
}

/** A workflow run that Temporal no longer knows is over, too. */
async function isOver(client: Client, { workflowId, runId }: { workflowId: string; runId: string }) {
  try {
    const { status } = await client.workflow.getHandle(workflowId, runId).describe();
    return status.name !== 'RUNNING';
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return true;
    throw error;
  }
}

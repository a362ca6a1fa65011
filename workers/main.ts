import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';

import { createActivities } from '../activities/activities.ts';
import type { Dependencies } from '../activities/dependencies.ts';
import { activityInterceptors } from '../activities/interceptors.ts';
import { workflowBundle } from './bundle.ts';
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
  readonly taskQueue: string;
  readonly cacheDir: string;
  readonly log: Logger;
  /** Everything but what the worker's own Temporal client knows. */
  readonly dependencies: Omit<Dependencies, 'isOver' | 'schedules'>;
}

export interface RunningWorker {
  /** Lets running activities end, then stops. */
  stop(): Promise<void>;
  /** Settles when the worker has ended, however. */
  readonly ended: Promise<void>;
}

let installed = false;

/** One logger and one runtime per process; signals are the command line's business. */
function installRuntime(log: Logger): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      const write = level === 'ERROR' ? log.error : level === 'WARN' ? log.warn : log.debug;
      write.call(log, { ...meta }, message);
    }),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
}

/** Connects, registers workflows and activities, and polls until it is stopped. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { temporal, log } = options;
  installRuntime(log);
  const connection = await NativeConnection.connect({
    address: temporal.address,
    ...(temporal.apiKey === undefined ? {} : { apiKey: temporal.apiKey }),
    ...(temporal.tls === undefined ? {} : { tls: temporal.tls }),
  });
  const client = new Client({ connection, namespace: temporal.namespace });
  const worker = await Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: options.taskQueue,
    workflowBundle: await workflowBundle(options.cacheDir),
    activities: createActivities({
      ...options.dependencies,
      isOver: (owner) => isOver(client, owner),
      schedules: temporalSchedules(client),
    }),
    interceptors: { activity: activityInterceptors },
    // A worker that dies takes its newest heartbeats with it; sent this often, little is lost.
    maxHeartbeatThrottleInterval: '10 seconds',
    shutdownGraceTime: '10 seconds',
    shutdownForceTime: '30 seconds',
  });
  const ended = runToEnd(worker, connection);
  ended.catch((error: unknown) => log.error({ err: error }, 'the worker ended with an error'));
  return {
    ended,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended.catch(() => undefined);
    },
  };
}

async function runToEnd(worker: Worker, connection: NativeConnection): Promise<void> {
  try {
    await worker.run();
  } finally {
    await connection.close();
  }
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

import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';

import type { Activities } from '../activities/activities.ts';
import { observedInterceptors } from '../activities/interceptors.ts';
import type { Observer } from '../activities/reporting.ts';
import { taskQueueOf, type WorkerQueue } from '../src/domain/operator/task-queues.ts';
import type { Tracing } from '../src/telemetry/tracing.ts';
import { activitySlots } from './activity-slots.ts';
import { workflowBundle } from './bundle.ts';

export interface Queues {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** The name that those of all queues begin with. */
  readonly base: string;
  readonly queues: readonly WorkerQueue[];
  /** How many connections to the database the workers share. */
  readonly databaseConnections: number;
  readonly activities: Activities;
  readonly cacheDir: string;
  readonly identity?: string;
  readonly observer: Observer;
  /** Null while traces are off. */
  readonly tracing: Tracing | null;
}

/** A worker for each queue, none of them polling yet. Workflows run on orchestration only, and there the bundle is needed. */
export async function createQueueWorkers(options: Queues): Promise<Worker[]> {
  const { connection, namespace, base, queues, activities, cacheDir, tracing } = options;
  const traced: (plain: WorkerOptions) => WorkerOptions =
    tracing === null ? (plain) => plain : tracing.worker;
  const slots = activitySlots(queues, options.databaseConnections);
  const workers: Worker[] = [];
  for (const queue of queues) {
    workers.push(
      await Worker.create(
        traced({
          connection,
          namespace,
          taskQueue: taskQueueOf(base, queue),
          ...(queue === 'orchestration'
            ? {
                workflowBundle: await workflowBundle(
                  cacheDir,
                  tracing === null ? [] : tracing.workflowInterceptors,
                ),
              }
            : {}),
          ...(options.identity === undefined ? {} : { identity: options.identity }),
          activities,
          interceptors: { activity: observedInterceptors(options.observer) },
          maxConcurrentActivityTaskExecutions: slots[queue],
          // A worker that dies takes its newest heartbeats with it; sent this often, little is lost.
          maxHeartbeatThrottleInterval: '10 seconds',
          shutdownGraceTime: '10 seconds',
          shutdownForceTime: '30 seconds',
        }),
      ),
    );
  }
  return workers;
}

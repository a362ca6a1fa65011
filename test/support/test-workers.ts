import { type NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';

import { activityInterceptors } from '../../activities/interceptors.ts';
import { taskQueueOf, WORKER_QUEUES, type WorkerQueue } from '../../src/domain/operator/task-queues.ts';

export interface TestWorkersOptions {
  readonly connection: NativeConnection;
  /** The queue that workflows are started on. */
  readonly taskQueue: string;
  /** All of them where left out. */
  readonly queues?: readonly WorkerQueue[];
  readonly workflowBundle: WorkflowBundle;
  readonly activities: object;
  readonly identity?: string;
  readonly maxCachedWorkflows?: number;
}

export interface TestWorkers {
  /** Works until `work` is done; a worker that fails fails it. */
  runUntil<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Works until it is stopped. */
  start(): { stop(): Promise<void> };
}

/** A worker for each of the queues, with the same activities; only that of the workflows takes the bundle. */
export async function createTestWorkers(options: TestWorkersOptions): Promise<TestWorkers> {
  const { taskQueue, queues = WORKER_QUEUES, workflowBundle, maxCachedWorkflows, ...shared } = options;
  const ofWorkflows = {
    workflowBundle,
    ...(maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows }),
  };
  const workers = await Promise.all(
    queues.map((queue) =>
      Worker.create({
        ...shared,
        ...(queue === 'orchestration' ? ofWorkflows : {}),
        taskQueue: taskQueueOf(taskQueue, queue),
        interceptors: { activity: activityInterceptors },
      }),
    ),
  );
  return {
    runUntil: (work) => workers.reduce((inner, worker) => () => worker.runUntil(inner), work)(),
    start() {
      const running = Promise.all(workers.map((worker) => worker.run()));
      return {
        async stop() {
          for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
          await running;
        },
      };
    },
  };
}

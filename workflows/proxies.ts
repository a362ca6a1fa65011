import {
  type ActivityInterfaceFor,
  type ActivityOptions,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';

import type { Activities } from '../activities/activities.ts';
import { ACTIVITY_QUEUES, taskQueueOf, type WorkerQueue } from '../src/domain/operator/task-queues.ts';

/** An activity without a queue is a mistake that the compiler finds. */
const QUEUES: Readonly<Record<keyof Activities, WorkerQueue>> = ACTIVITY_QUEUES;

/** A worker that dies while it does something is noticed by the heartbeats that stay away. */
const HEARTBEAT = '30 seconds';

/** Short calls to the database or to Billing. */
export const QUICK = {
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: HEARTBEAT,
  scheduleToCloseTimeout: '6 hours',
  retry: { initialInterval: '2 seconds', maximumInterval: '5 minutes' },
} as const;

/** Streams and set-based statements, as long as they may be. */
export const LONG = {
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: HEARTBEAT,
  scheduleToCloseTimeout: '12 hours',
  retry: { initialInterval: '2 seconds', maximumInterval: '5 minutes' },
} as const;

/** Polls by retry: the activity says itself when to look again. */
export const POLL = {
  startToCloseTimeout: '3 minutes',
  heartbeatTimeout: HEARTBEAT,
  scheduleToCloseTimeout: '12 hours',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
} as const;

/** Waiting for another run to end has no limit of its own: the other run has one. */
export const QUEUE = {
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: HEARTBEAT,
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute' },
} as const;

/**
 * Activities under options, each on the queue of its kind beside that of the workflow. Only in a workflow is the base of
 * the names known: the queue is chosen when an activity is called, not when this is.
 */
export function activities(options: ActivityOptions): ActivityInterfaceFor<Activities> {
  return new Proxy({} as ActivityInterfaceFor<Activities>, {
    get(_, name: keyof Activities) {
      const taskQueue = taskQueueOf(workflowInfo().taskQueue, QUEUES[name]);
      return proxyActivities<Activities>({ ...options, taskQueue })[name];
    },
  });
}

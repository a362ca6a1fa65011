import { hostname } from 'node:os';

import type { Client } from '@temporalio/client';

import { taskQueueOf, WORKER_QUEUES, type WorkerQueue } from '../domain/operator/task-queues.ts';

/** As Temporal's API numbers them. */
const WORKFLOWS = 1;
const ACTIVITIES = 2;
/** A worker asks for work for a minute at a time; Temporal remembers one that is gone for five. */
const LATEST = 75;

const PASSING = 'command ';

/** What the worker of a single command calls itself: it ends with the command, so nobody may count on it. */
export const passingIdentity = (): string => `${PASSING}${process.pid}@${hostname()}`;

interface Asked {
  readonly client: Client;
  readonly namespace: string;
  /** The name that those of all queues begin with. */
  readonly base: string;
}

/** Temporal's names of the queues that no worker asked for work lately, whoever's it is. */
export async function idleQueues(asked: Asked): Promise<string[]> {
  const idle: string[] = [];
  for (const queue of WORKER_QUEUES) {
    const pollers = await pollersOf(asked, queue);
    if (!pollers.some(isRecent)) idle.push(taskQueueOf(asked.base, queue));
  }
  return idle;
}

/**
 * Whether workers that stay serve every queue. One with its hands full does not ask for more, so for activities it is
 * enough that Temporal remembers one; workflows are asked for as long as a worker runs. Where Temporal does not tell: no.
 */
export async function isServed(asked: Asked): Promise<boolean> {
  try {
    for (const queue of WORKER_QUEUES) {
      const pollers = (await pollersOf(asked, queue)).filter(
        ({ identity }) => !identity?.startsWith(PASSING),
      );
      if (!pollers.some((poller) => queue !== 'orchestration' || isRecent(poller))) return false;
    }
    return true;
  } catch {
    return false;
  }
}

interface Poller {
  readonly identity?: string | null;
  readonly lastAccessTime?: { readonly seconds?: unknown } | null;
}

async function pollersOf({ client, namespace, base }: Asked, queue: WorkerQueue): Promise<Poller[]> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueueOf(base, queue) },
    taskQueueType: queue === 'orchestration' ? WORKFLOWS : ACTIVITIES,
  });
  return pollers;
}

const isRecent = ({ lastAccessTime }: Poller): boolean =>
  Number(lastAccessTime?.seconds ?? 0) >= Date.now() / 1000 - LATEST;

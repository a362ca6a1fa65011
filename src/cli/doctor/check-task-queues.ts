import type { Client } from '@temporalio/client';

import { reasonOf } from '../../domain/errors.ts';
import { taskQueueOf, WORKER_QUEUES } from '../../domain/operator/task-queues.ts';
import { idleQueues } from '../task-queue-pollers.ts';
import { type Check, failed, passed } from './check.ts';

const CHECK = 'task-queues';

/** Which queues a worker serves. That none does is no failure: commands bring their own, and `up` starts one. */
export async function checkTaskQueues(client: Client, namespace: string, base: string): Promise<Check> {
  try {
    return passed(CHECK, text(await idleQueues({ client, namespace, base }), base));
  } catch (error) {
    return failed(
      CHECK,
      `Temporal does not tell who polls the task queues: ${reasonOf(error)}.`,
      'Look at the task queues in the Temporal UI, and give the API key or certificate the right to read them.',
    );
  }
}

function text(idle: readonly string[], base: string): string {
  const all = WORKER_QUEUES.map((queue) => taskQueueOf(base, queue));
  if (idle.length === 0) return `Workers serve ${all.join(', ')}.`;
  if (idle.length === all.length) return `No worker runs: nobody serves ${all.join(', ')}.`;
  return `Nobody serves ${idle.join(', ')}: what comes there waits for a worker.`;
}

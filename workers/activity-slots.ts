import type { WorkerQueue } from '../src/domain/operator/task-queues.ts';

/** Connections that no activity may take: what is asked about the worker is answered with them. */
const RESERVED = 2;

/** Extraction has the largest share: a run loads two files at a time, and Billing makes others wait for theirs. */
const SHARES: Readonly<Record<WorkerQueue, number>> = { orchestration: 3, extraction: 4, warehouse: 3 };

/**
 * How many activities each queue of one process may run at a time. Every activity may hold a connection to the database
 * for as long as it takes, so that together they are never more than there are connections.
 */
export function activitySlots(
  queues: readonly WorkerQueue[],
  connections: number,
): Readonly<Record<WorkerQueue, number>> {
  const all = queues.reduce((sum, queue) => sum + SHARES[queue], 0);
  const of = (queue: WorkerQueue): number =>
    Math.max(1, Math.floor(((connections - RESERVED) * SHARES[queue]) / all));
  return { orchestration: of('orchestration'), extraction: of('extraction'), warehouse: of('warehouse') };
}

import type { Client, WorkflowHandle } from '@temporalio/client';

import type { Loops } from '../activities/dependencies.ts';
import { RevsyncError, reasonOf } from '../src/domain/errors.ts';
import type { LoopView } from '../src/domain/instant-on/loop-view.ts';
import { startLoop } from './start-loop.ts';
import type { Whose } from './whose.ts';

/** How long a worker may take to answer for a loop, in milliseconds; less than the heartbeats of an activity allow. */
const PATIENCE = 15_000;

/** Temporal's loops of Instant On, started once, paused by their own update and resumed by the reason that they are paused with. */
export function temporalLoops(client: Client, whose: Whose, patience = PATIENCE): Loops {
  const ask = async (
    id: string,
    question: (loop: WorkflowHandle) => Promise<LoopView>,
  ): Promise<LoopView | null> => {
    const loop = client.workflow.getHandle(id);
    if (!(await isRunning(loop))) return null;
    try {
      return await client.withDeadline(Date.now() + patience, () => question(loop));
    } catch (error) {
      if (await isRunning(loop)) throw silent(id, error);
      return null;
    }
  };
  return {
    async start(entity) {
      const { outcome } = await startLoop(client, { ...whose, entity });
      return { outcome: outcome === 'started' ? 'started' : 'running' };
    },
    async pause(id, note) {
      const view = await ask(id, (loop) =>
        loop.executeUpdate<LoopView, [object]>('pause', { args: [{ reason: note, by: 'the backfill' }] }),
      );
      if (view === null) return { became: 'absent', underWay: false };
      // A loop that is paused already stays as it is, and answers by whom.
      const became = view.paused?.reason === note ? 'paused' : 'others';
      return { became, underWay: view.status === 'running' };
    },
    async resume(id, note) {
      const view = await ask(id, (loop) => loop.query<LoopView>('state'));
      if (view === null || (view.paused !== null && view.paused.reason !== note)) return false;
      if (view.paused === null) return true;
      const resumed = await ask(id, (loop) =>
        loop.executeUpdate<LoopView, [object]>('resume', { args: [{ by: 'the backfill' }] }),
      );
      return resumed !== null;
    },
  };
}

/** A loop that has ended is none; one whose history began anew has the same id and runs. */
async function isRunning(loop: WorkflowHandle): Promise<boolean> {
  try {
    return (await loop.describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return false;
    throw error;
  }
}

const silent = (id: string, error: unknown): RevsyncError =>
  new RevsyncError(`${id} did not answer: ${reasonOf(error)}.`, {
    code: 'WORKER_SILENT',
    fate: 'retry',
    remedy:
      'Nothing to do where its worker comes back. Terminate a loop that no worker is to answer for any more.',
    cause: error,
  });

import {
  condition,
  defineSignal,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';

export { instantOn } from '../../workflows/instant-on.ts';

/** What becomes of one run: it takes so many seconds, or until it is let go on, and ends so. */
export interface StagedRun {
  readonly outcome: 'completed' | 'nothing-to-do' | 'aborted';
  readonly seconds?: number;
  readonly held?: boolean;
}

export interface StagedSync {
  stagedRun(entity: string): Promise<StagedRun>;
}

const { stagedRun } = proxyActivities<StagedSync>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});

/** A Revenue Sync as a loop sees it: it ends somehow, after a while. */
export async function revenueSync({ entity }: { entity: string }) {
  let released = false;
  setHandler(defineSignal('goOn'), () => void (released = true));
  const { outcome, seconds = 0, held = false } = await stagedRun(entity);
  if (seconds > 0) await sleep(seconds * 1_000);
  if (held) await condition(() => released);
  const { workflowId, runId } = workflowInfo();
  return { workflowId, runId, entity, outcome };
}

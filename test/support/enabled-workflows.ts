import {
  condition,
  defineSignal,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';

export { enablement } from '../../workflows/enablement.ts';

/** What becomes of a workflow that a step has done: it takes so many seconds, or until it is let go on. */
export interface StagedChild {
  readonly outcome: 'completed' | 'nothing-to-do' | 'aborted';
  readonly seconds?: number;
  readonly held?: boolean;
  readonly told?: Readonly<Record<string, string>>;
}

export interface StagedChildren {
  stagedChild(child: { workflow: string; id: string; input: unknown }): Promise<StagedChild>;
}

const { stagedChild } = proxyActivities<StagedChildren>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});

const staged = (workflow: string) =>
  async function child(input: unknown) {
    let released = false;
    setHandler(defineSignal('goOn'), () => void (released = true));
    const { workflowId, runId } = workflowInfo();
    const {
      outcome,
      seconds = 0,
      held = false,
      told = {},
    } = await stagedChild({
      workflow,
      id: workflowId,
      input,
    });
    if (seconds > 0) await sleep(seconds * 1_000);
    if (held) await condition(() => released);
    return { workflowId, runId, outcome, ...told, list: ['is not told'] };
  };

/** The workflows of the steps, as an enablement sees them. */
export const settingsSync = staged('settingsSync');
export const exchangeRateSync = staged('exchangeRateSync');
export const invoiceSettlementBackfill = staged('invoiceSettlementBackfill');
export const revenueSync = staged('revenueSync');
export const dataCollection = staged('dataCollection');

import { join } from 'node:path';

import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';
import { expect } from 'vitest';

import type { Activities } from '../../activities/activities.ts';
import type { JsonObject, StepNumber } from '../../src/domain/enablement/step.ts';
import { stepOf } from '../../src/domain/enablement/steps.ts';
import type { EnablementView } from '../../src/domain/enablement/view.ts';
import type { EnablementOutcome } from '../../workflows/enablement.ts';
import type { StagedChild } from './enabled-workflows.ts';
import { newScript, type Script, scriptedSteps, type Turns } from './enablement-script.ts';
import { mockActivities } from './mock-activities.ts';
import { createTestWorkers } from './test-workers.ts';

/** The enablement as it is, over steps and workflows that go as a test says. */
export const enablementBundle = (): Promise<WorkflowBundle> =>
  bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, 'enabled-workflows.ts'),
    logger: new DefaultLogger('ERROR', () => undefined),
  });

/** What a test stages, and what the enablement did meanwhile. */
export interface Stage extends Script {
  child: (child: { workflow: string; id: string }) => StagedChild;
  readonly children: { readonly workflow: string; readonly id: string; readonly input: unknown }[];
}

export interface Enabled {
  readonly stage: Stage;
  readonly workflowId: string;
  state(): Promise<EnablementView>;
  /** The state once it is as asked for. */
  until(what: string, met: (view: EnablementView) => boolean): Promise<EnablementView>;
  /** Until a step waits for a person. */
  waiting(step: StepNumber): Promise<EnablementView>;
  answer(step: StepNumber, value?: JsonObject): Promise<EnablementView>;
  update(name: string, ...data: unknown[]): Promise<EnablementView>;
  signal(name: string, ...data: unknown[]): Promise<void>;
  details(): Promise<string>;
  handle(): WorkflowHandle;
}

let enablements = 0;

/** Runs an enablement while the test is at it, then ends it; answers how it ended. */
export async function whileEnabling(
  env: TestWorkflowEnvironment,
  workflowBundle: WorkflowBundle,
  options: {
    readonly input?: unknown;
    readonly turns?: Turns;
    readonly child?: Stage['child'];
    readonly refusal?: Stage['refusal'];
    readonly activities?: Partial<Activities>;
    /** Leaves it to end by itself. */
    readonly ends?: boolean;
  },
  during: (enabled: Enabled) => Promise<void>,
): Promise<EnablementOutcome> {
  enablements += 1;
  const tenant = `tenant-${enablements}`;
  const stage: Stage = {
    ...newScript(options.turns, options.refusal),
    child: options.child ?? (() => ({ outcome: 'completed' })),
    children: [],
  };
  const steps = scriptedSteps(stage, { tenant, now: () => env.currentTimeMs() });
  const taskQueue = `enablement-${enablements}`;
  const workers = await createTestWorkers({
    connection: env.nativeConnection,
    taskQueue,
    workflowBundle,
    activities: {
      ...mockActivities({ ...steps, ...options.activities }),
      stagedChild: async (child: { workflow: string; id: string; input: unknown }) => {
        stage.children.push(child);
        return stage.child(child);
      },
    },
  });
  const workflowId = `enablement/${tenant}`;
  return workers.runUntil(async () => {
    await env.client.workflow.start('enablement', {
      taskQueue,
      workflowId,
      args: 'input' in options ? [options.input] : [],
    });
    const enabled = handleOf(env, workflowId, stage);
    try {
      await during(enabled);
    } finally {
      if (options.ends !== true) {
        await enabled
          .handle()
          .executeUpdate('abort', { args: [{ reason: 'the test is over' }] })
          .catch(() => undefined);
      }
    }
    return (await enabled.handle().result()) as EnablementOutcome;
  });
}

function handleOf(env: TestWorkflowEnvironment, workflowId: string, stage: Stage): Enabled {
  // Without a run: the newest of its runs, as the page shows it.
  const handle = () => env.client.workflow.getHandle(workflowId);
  const update = (name: string, ...data: unknown[]): Promise<EnablementView> =>
    handle().executeUpdate<EnablementView, [unknown]>(name, { args: data as [unknown] });
  const enabled: Enabled = {
    stage,
    workflowId,
    handle,
    update,
    state: () => stateOf(env, workflowId),
    async until(what, met) {
      await expect
        .poll(async () => met(await enabled.state()), { message: what, timeout: 20_000 })
        .toBe(true);
      return enabled.state();
    },
    waiting: (step) => enabled.until(`step ${step} waits`, ({ awaiting }) => awaiting?.step === step),
    answer: (step, value = stepOf(step).example) => update('answer', { step, value, by: 'ann' }),
    signal: (name, ...data) => handle().signal(name, ...data),
    details: async () =>
      (await handle().query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails,
  };
  return enabled;
}

/** The test server never answers a query that meets the end of a history: it is asked again. */
async function stateOf(
  env: TestWorkflowEnvironment,
  workflowId: string,
  triesLeft = 10,
): Promise<EnablementView> {
  const ask = () => env.client.workflow.getHandle(workflowId).query<EnablementView>('state');
  try {
    return await env.client.withDeadline(Date.now() + 1_000, ask);
  } catch (error) {
    if (triesLeft === 1) throw error;
    return stateOf(env, workflowId, triesLeft - 1);
  }
}

import { join } from 'node:path';

import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';
import { expect } from 'vitest';

import type { Activities } from '../../activities/activities.ts';
import type { InstantOnRead } from '../../activities/instant-on.ts';
import type { LoopView } from '../../src/domain/instant-on/loop-view.ts';
import type { InstantOnOutcome } from '../../workflows/instant-on.ts';
import type { StagedRun } from './looped-workflows.ts';
import { mockActivities } from './mock-activities.ts';
import { createTestWorkers } from './test-workers.ts';

/** The loop as it is, over runs that end as a test says. */
export const loopBundle = (): Promise<WorkflowBundle> =>
  bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, 'looped-workflows.ts'),
    logger: new DefaultLogger('ERROR', () => undefined),
  });

/** What a test stages, and what the loop asked for meanwhile. */
export interface Stage {
  /** The settings as they are read from now on. */
  settings: Partial<InstantOnRead>;
  /** What becomes of run `number`, from 1 on. */
  run: (number: number) => StagedRun;
  /** When runs began, in epoch milliseconds of the virtual clock, and how many there were. */
  readonly began: number[];
  readonly notes: string[];
}

export interface Loop {
  readonly stage: Stage;
  readonly workflowId: string;
  state(): Promise<LoopView>;
  /** The state once it is as asked for. */
  until(what: string, met: (view: LoopView) => boolean): Promise<LoopView>;
  update(name: string, ...data: unknown[]): Promise<LoopView>;
  signal(name: string, ...data: unknown[]): Promise<void>;
  details(): Promise<string>;
  handle(): ReturnType<TestWorkflowEnvironment['client']['workflow']['getHandle']>;
}

let loops = 0;

/** Runs a loop while the test is at it, then ends it; answers how it ended. */
export async function whileLooping(
  env: TestWorkflowEnvironment,
  workflowBundle: WorkflowBundle,
  options: {
    readonly input?: object;
    readonly settings?: Partial<InstantOnRead>;
    readonly run?: Stage['run'];
    readonly activities?: Partial<Activities>;
  },
  during: (loop: Loop) => Promise<void>,
): Promise<InstantOnOutcome> {
  loops += 1;
  const entity = `e${loops}`;
  const stage: Stage = {
    settings: options.settings ?? {},
    run: options.run ?? (() => ({ outcome: 'nothing-to-do' })),
    began: [],
    notes: [],
  };
  const mocked = mockActivities({
    noteSchedule: async ({ id, note }) => {
      stage.notes.push(`${id} ${note}`);
      return { noted: true };
    },
    ...options.activities,
  });
  const workers = await createTestWorkers({
    connection: env.nativeConnection,
    taskQueue: `loop-${loops}`,
    workflowBundle,
    activities: {
      ...mocked,
      readInstantOn: async (asked: object) => ({ ...(await mocked.readInstantOn(asked)), ...stage.settings }),
      stagedRun: async () => {
        stage.began.push(await env.currentTimeMs());
        return stage.run(stage.began.length);
      },
    },
  });
  const workflowId = `instant-on/${entity}`;
  return workers.runUntil(async () => {
    await env.client.workflow.start('instantOn', {
      taskQueue: `loop-${loops}`,
      workflowId,
      args: [{ entity, ...options.input }],
    });
    // Without a run: the newest of its runs, as the page shows it.
    const handle = () => env.client.workflow.getHandle(workflowId);
    const loop: Loop = {
      stage,
      workflowId,
      handle,
      state: () => stateOf(env, workflowId),
      async until(what, met) {
        await expect.poll(async () => met(await loop.state()), { message: what, timeout: 15_000 }).toBe(true);
        return loop.state();
      },
      update: (name, ...data) =>
        handle().executeUpdate<LoopView, [unknown]>(name, { args: data as [unknown] }),
      signal: (name, ...data) => handle().signal(name, ...data),
      details: async () =>
        (await handle().query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails,
    };
    try {
      await during(loop);
    } finally {
      await handle()
        .executeUpdate('abort', { args: [{ reason: 'the test is over' }] })
        .catch(() => undefined);
    }
    return (await handle().result()) as InstantOnOutcome;
  });
}

/** The test server never answers a query that meets the end of a history: it is asked again. */
async function stateOf(env: TestWorkflowEnvironment, workflowId: string, triesLeft = 10): Promise<LoopView> {
  const ask = () => env.client.workflow.getHandle(workflowId).query<LoopView>('state');
  try {
    return await env.client.withDeadline(Date.now() + 1_000, ask);
  } catch (error) {
    if (triesLeft === 1) throw error;
    return stateOf(env, workflowId, triesLeft - 1);
  }
}

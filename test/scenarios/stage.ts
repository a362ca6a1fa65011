import type { WorkflowHandle } from '@temporalio/client';

import type { Activities } from '../../activities/activities.ts';
import type { Awaited as AwaitedAction, DeskState } from '../../src/domain/operator/steps.ts';
import type { SyncOutcome } from '../../workflows/revenue-sync.ts';
import { mockActivities } from '../support/mock-activities.ts';
import { bundle, startTimeSkipping } from '../support/temporal.ts';
import { createTestWorkers } from '../support/test-workers.ts';
import { openScene, type Scene, type SceneOptions } from './scene.ts';

const QUEUE = 'revsync';

/** A run that has come to its end, or to where only a person helps. */
export type Settled =
  | { readonly state: 'ended'; readonly outcome: SyncOutcome }
  /** `flagged`: the search attribute AwaitingAction. */
  | { readonly state: 'waiting'; readonly awaiting: AwaitedAction; readonly flagged: boolean };

export interface SyncInput {
  readonly entity?: string;
  /** As a loop begins its runs. */
  readonly light?: boolean;
}

/** A run under way. */
export interface Run {
  /** Waits for its end, or for it to wait. A run that fails rejects. */
  settled(): Promise<Settled>;
  /** The same for a run that is to wait. */
  waits(): Promise<Extract<Settled, { state: 'waiting' }>>;
  /** The same for a run that is to end. */
  ends(): Promise<SyncOutcome>;
  /** Sends the message as an update. */
  tell(update: 'retry' | 'skip' | 'abort', message?: object): Promise<void>;
}

/** A scene whose activities the worker works with. */
export interface PlayedScene extends Scene {
  begin(input?: SyncInput): Promise<Run>;
  /** A whole run, which is to end by itself. */
  sync(input?: SyncInput): Promise<SyncOutcome>;
}

/**
 * A Temporal server that skips the time in which nobody works, and a worker: waiting for hours costs nothing. Scenes
 * come one after the other, and end with the test that plays them.
 */
export interface Stage {
  play<Result>(options: SceneOptions, work: (scene: PlayedScene) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const env = await startTimeSkipping();
  let playing: Activities = mockActivities();
  const names = Object.keys(playing) as (keyof Activities)[];
  const workers = await createTestWorkers({
    connection: env.nativeConnection,
    taskQueue: QUEUE,
    workflowBundle: await bundle(),
    activities: Object.fromEntries(
      names.map((name) => [
        name,
        (...args: unknown[]) => (playing[name] as (...args: unknown[]) => unknown)(...args),
      ]),
    ),
  });
  const working = workers.start();

  const begin = async (input: SyncInput = {}): Promise<Run> => {
    const handle = await env.client.workflow.start('revenueSync', {
      taskQueue: QUEUE,
      workflowId: `revenue-sync/${input.entity ?? 'demo'}`,
      args: [input],
    });
    // Asking for the result would let ten years pass as soon as the run waits; an hour is enough for any retry.
    return runOf(handle, () => env.sleep('1 hour'));
  };

  return {
    async play(options, work) {
      const scene = await openScene(options);
      playing = scene.activities;
      const begun: Run[] = [];
      const played: PlayedScene = Object.assign(scene, {
        async begin(input?: SyncInput) {
          const run = await begin(input);
          begun.push(run);
          return run;
        },
        sync: async (input?: SyncInput) => (await played.begin(input)).ends(),
      });
      try {
        return await work(played);
      } finally {
        await scene.unfault();
        for (const run of begun) await endOf(run).catch(() => undefined);
        await scene.close();
      }
    },
    async close() {
      await working.stop();
      await env.teardown();
    },
  };
}

function runOf(handle: WorkflowHandle, pass: () => Promise<void>): Run {
  const run: Run = {
    async settled() {
      for (;;) {
        await pass();
        const { status, searchAttributes } = await handle.describe();
        if (status.name !== 'RUNNING') {
          return { state: 'ended', outcome: (await handle.result()) as SyncOutcome };
        }
        const { awaiting } = await handle.query<DeskState>('state');
        const flagged = searchAttributes['AwaitingAction']?.[0] === true;
        if (awaiting !== null) return { state: 'waiting', awaiting, flagged };
      }
    },
    async waits() {
      const settled = await run.settled();
      if (settled.state === 'waiting') return settled;
      throw new Error(`the run did not wait: it ${settled.outcome.outcome}`);
    },
    async ends() {
      const settled = await run.settled();
      if (settled.state === 'ended') return settled.outcome;
      throw new Error(`the run waits at ${settled.awaiting.step}: ${settled.awaiting.message}`);
    },
    tell: async (update, message = {}) => void (await handle.executeUpdate(update, { args: [message] })),
  };
  return run;
}

/** Only a test that fails leaves a run behind; one that were terminated would leave activities behind itself. */
async function endOf(run: Run): Promise<void> {
  if ((await run.settled()).state === 'ended') return;
  await run.tell('abort', { reason: 'the scene is over' });
  await run.settled();
}

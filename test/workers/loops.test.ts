import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundle } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Loops } from '../../activities/dependencies.ts';
import { temporalLoops } from '../../workers/loops.ts';
import { type Loop, loopBundle, whileLooping } from '../support/instant-on.ts';
import { startTimeSkipping } from '../support/temporal.ts';

const WHOSE = { tenant: 'demo', taskQueue: 'nobody' };
const NOTE = 'revsync: paused by invoice-settlement-backfill/demo';

describe('the loops of Instant On that Temporal has', () => {
  let env: TestWorkflowEnvironment;
  let bundled: WorkflowBundle;
  let loops: Loops;
  beforeAll(async () => {
    [env, bundled] = await Promise.all([startTimeSkipping(), loopBundle()]);
    loops = temporalLoops(env.client, WHOSE);
  });
  afterAll(() => env.teardown());

  const looping = (during: (loop: Loop) => Promise<void>, options = {}) =>
    whileLooping(env, bundled, { settings: { seconds: 3_600 }, ...options }, async (loop) => {
      await loop.until('the first run began', ({ status }) => status === 'resting' || status === 'running');
      await during(loop);
    });
  const resting = (loop: Loop) => loop.until('it rests', ({ status }) => status === 'resting');
  /** The test server never answers a query that meets the end of a history: asked again, as an activity is. */
  const resume = async (id: string, triesLeft = 5): Promise<boolean> => {
    try {
      return await temporalLoops(env.client, WHOSE, 1_000).resume(id, NOTE);
    } catch (error) {
      if (triesLeft === 1) throw error;
      return resume(id, triesLeft - 1);
    }
  };

  test('are paused once, say by whom and why, begin no run meanwhile, and go on', async () => {
    await looping(async (loop) => {
      await resting(loop);
      const paused = { became: 'paused', underWay: false };
      expect(await loops.pause(loop.workflowId, NOTE)).toEqual(paused);
      expect(await loops.pause(loop.workflowId, NOTE)).toEqual(paused);
      expect((await loop.state()).paused).toMatchObject({ by: 'the backfill', reason: NOTE });
      const began = loop.stage.began.length;
      await env.sleep('5 hours');
      expect(loop.stage.began.length).toBe(began);
      expect(await resume(loop.workflowId)).toBe(true);
      expect(await resume(loop.workflowId)).toBe(true);
      await loop.until('it runs again', ({ counts }) => counts.runs > began);
      expect((await loop.state()).paused).toBeNull();
    });
  });

  test('stay paused where somebody else paused them, before or with another reason', async () => {
    await looping(async (loop) => {
      await resting(loop);
      await loop.update('pause', { reason: 'month-end', by: 'ann' });
      expect(await loops.pause(loop.workflowId, NOTE)).toEqual({ became: 'others', underWay: false });
      expect(await resume(loop.workflowId)).toBe(false);
      expect((await loop.state()).paused).toMatchObject({ by: 'ann', reason: 'month-end' });
      await loop.update('resume');
      await loop.update('pause', {});
      expect(await loops.pause(loop.workflowId, NOTE)).toMatchObject({ became: 'others' });
      expect(await resume(loop.workflowId)).toBe(false);
    });
  });

  test('tell of a run that goes on', async () => {
    await looping(
      async (loop) => {
        await loop.until('a run is under way', () => loop.stage.began.length === 1);
        expect(await loops.pause(loop.workflowId, NOTE)).toEqual({ became: 'paused', underWay: true });
        await env.client.workflow
          .getHandle(loop.workflowId.replace('instant-on', 'revenue-sync'))
          .signal('goOn');
        await loop.until('the run ended', ({ status }) => status === 'paused');
        expect(await loops.pause(loop.workflowId, NOTE)).toEqual({ became: 'paused', underWay: false });
      },
      { run: () => ({ outcome: 'completed', held: true }) },
    );
  });

  test('are absent where there was never one, and when it has ended', async () => {
    const absent = { became: 'absent', underWay: false };
    expect(await loops.pause('instant-on/nowhere', NOTE)).toEqual(absent);
    expect(await loops.resume('instant-on/nowhere', NOTE)).toBe(false);
    let ended = '';
    await looping(async ({ workflowId }) => {
      expect(await loops.pause(workflowId, NOTE)).toMatchObject({ became: 'paused' });
      ended = workflowId;
    });
    expect(await loops.pause(ended, NOTE)).toEqual(absent);
    expect(await loops.resume(ended, NOTE)).toBe(false);
  });

  test('are to be asked again where no worker answers for them', async () => {
    const workflowId = 'instant-on/unattended';
    const handle = await env.client.workflow.start('instantOn', { taskQueue: 'nobody', workflowId });
    const hasty = temporalLoops(env.client, WHOSE, 300);
    const silent = { code: 'WORKER_SILENT', fate: 'retry', message: expect.stringContaining(workflowId) };
    await expect(hasty.pause(workflowId, NOTE)).rejects.toMatchObject(silent);
    await expect(hasty.resume(workflowId, NOTE)).rejects.toMatchObject(silent);
    await handle.terminate();
  });

  test('are started once for an entity, in the name of the tenant', async () => {
    const workflowId = 'instant-on/started';
    expect(await loops.start('started')).toEqual({ outcome: 'started' });
    expect(await loops.start('started')).toEqual({ outcome: 'running' });
    const handle = env.client.workflow.getHandle(workflowId);
    expect(await handle.describe()).toMatchObject({ type: 'instantOn', taskQueue: 'nobody' });
    await handle.terminate();
    expect(await loops.start('started')).toEqual({ outcome: 'started' });
    await handle.terminate();
  });
});

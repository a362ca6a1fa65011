import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundle } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { loopBundle, whileLooping } from '../support/instant-on.ts';
import { startTimeSkipping } from '../support/temporal.ts';

/** Apart from the other tests: after histories that end, the test server skips no more time. */
describe('the messages of a loop whose history begins anew', () => {
  let env: TestWorkflowEnvironment;
  let bundled: WorkflowBundle;
  beforeAll(async () => {
    [env, bundled] = await Promise.all([startTimeSkipping(), loopBundle()]);
  });
  afterAll(() => env.teardown());

  test('do not end it, however long what was refused is', async () => {
    await whileLooping(
      env,
      bundled,
      { settings: { seconds: 1 }, input: { maxHistory: 60 } },
      async (loop) => {
        const { runId } = await loop.handle().describe();
        await loop.until('it rests', ({ counts }) => counts.runs > 0);
        for (let number = 1; number <= 4; number += 1)
          await loop.signal('resume', { ['k'.repeat(600_000)]: 1 });
        const later = async () => (await loop.handle().describe()).runId !== runId;
        await expect.poll(later, { timeout: 15_000 }).toBe(true);
        const { refused } = await loop.state();
        expect(refused).toHaveLength(4);
        expect(refused.join('').length).toBeLessThan(2_000);
      },
    );
  });

  test('are not lost, nor is what was counted', async () => {
    await whileLooping(
      env,
      bundled,
      { settings: { seconds: 86_400 }, input: { maxHistory: 25 } },
      async (loop) => {
        const first = await loop.handle().describe();
        for (let number = 1; number <= 12; number += 1) {
          const by = `n${number}`;
          const [, set] = await Promise.all([
            loop.signal('runNow'),
            loop.update('setInterval', { seconds: 80_000 + number, by }),
            loop.signal('pause', { by }),
          ]);
          expect(set.interval).toEqual({ seconds: 80_000 + number, from: `setInterval by ${by}` });
          await loop.until('the pause has come', ({ paused }) => paused?.by === by);
          await loop.until('the run has come', ({ runNow, status }) => !runNow && status === 'paused');
          const went = await loop.update('resume');
          expect(went).toMatchObject({ paused: null, interval: set.interval });
        }
        const { counts } = await loop.until('it rests', ({ status }) => status === 'resting');
        expect(counts.runs).toBe(loop.stage.began.length);
        expect(counts.runs).toBeGreaterThanOrEqual(12);
        expect((await loop.handle().describe()).runId).not.toBe(first.runId);
        expect((await loop.handle().describe()).searchAttributes).toMatchObject({
          RevsyncTenant: ['demo'],
          RevsyncStep: ['running'],
        });
      },
    );
  });
});

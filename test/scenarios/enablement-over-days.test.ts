import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundle } from '@temporalio/worker';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { allButOnly, ask, done, type Turns } from '../support/enablement-script.ts';
import { type Enabled, enablementBundle, whileEnabling } from '../support/enablement.ts';
import { startTimeSkipping } from '../support/temporal.ts';

const DAY = 24 * 3_600_000;

/** Each has a server of its own: one skips days, and what it leaves behind would stop the clock of the next. */
describe('enablement over days', () => {
  let env: TestWorkflowEnvironment;
  let bundled: WorkflowBundle;
  beforeAll(async () => {
    bundled = await enablementBundle();
  });
  beforeEach(async () => {
    env = await startTimeSkipping();
  });
  afterEach(() => env.teardown());

  const enabling = (
    options: Parameters<typeof whileEnabling>[2],
    during: (enabled: Enabled) => Promise<void>,
  ) => whileEnabling(env, bundled, options, during);

  test('finds by itself what is awaited, without an event for every look', async () => {
    const outcome = await enabling(
      {
        turns: { ...allButOnly([]), 3: () => done('never') },
        ends: true,
      },
      async (enabled) => {
        enabled.stage.turns = {
          ...allButOnly([]),
          3: () => (enabled.stage.arrived ? done('The home currency is USD.') : ask(3, true)),
        };
        await enabled.waiting(3);
        await env.sleep('1 hour');
        const before = (await enabled.handle().describe()).historyLength;
        await env.sleep('19 hours');
        expect((await enabled.handle().describe()).historyLength).toBe(before);
        enabled.stage.arrived = true;
      },
    );
    expect(outcome.steps[2]).toMatchObject({
      status: 'done',
      note: 'The home currency is USD.',
      by: 'revsync',
    });
  });

  test('reminds after 1, 3 and 7 days, then weekly, and escalates after two weeks', async () => {
    await enabling({ turns: allButOnly([7]) }, async (enabled) => {
      const { awaiting } = await enabled.waiting(7);
      const since = Date.parse(awaiting?.since ?? '');
      await env.sleep('60 days');
      await enabled.until('reminders were sent', ({ awaiting: now }) => now?.reminders === 10);
      const { reminders } = enabled.stage;
      expect(reminders.map(({ at }) => Math.round((at - since) / DAY))).toEqual([
        1, 3, 7, 14, 21, 28, 35, 42, 49, 56,
      ]);
      expect(reminders.map(({ escalates }) => escalates)).toEqual([
        false,
        false,
        false,
        ...Array(7).fill(true),
      ]);
      expect(reminders.every(({ step }) => step === 7)).toBe(true);
      expect((await enabled.state()).awaiting?.since).toBe(awaiting?.since);
      await enabled.answer(7);
      await enabled.until('it is through', ({ status }) => status === 'completed');
    });
  });

  test('a workflow that somebody else has running is waited for, and then a person is asked', async () => {
    const work = { workflow: 'settingsSync' as const, id: 'settings-sync/foreign', input: {}, summary: '' };
    const turns: Turns = {
      ...allButOnly([]),
      4: ({ runs }) => (runs.length === 1 ? done('it ran') : { kind: 'work', note: '', work: [work] }),
    };
    const outcome = await enabling({ turns: allButOnly([3]), ends: true }, async (enabled) => {
      await enabled.waiting(3);
      const taskQueue = (await enabled.handle().describe()).taskQueue;
      const foreign = { workflowId: work.id, taskQueue, args: [{}] };
      let held = true;
      enabled.stage.child = () => ({ outcome: 'completed', held });
      const theirs = await env.client.workflow.start('settingsSync', foreign);
      await expect.poll(() => enabled.stage.children.length).toBe(1);
      enabled.stage.turns = turns;
      await enabled.update('retry', {});
      await env.sleep('30 minutes');
      const { awaiting } = await enabled.waiting(4);
      expect(awaiting?.message).toBe('settings-sync/foreign: somebody else has it running.');
      held = false;
      await theirs.signal('goOn');
      await theirs.result();
      await enabled.update('retry', {});
    });
    expect(outcome.outcome).toBe('completed');
  });
});

import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundle } from '@temporalio/worker';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { STEP_NUMBERS } from '../../src/domain/enablement/step.ts';
import { stepOf } from '../../src/domain/enablement/steps.ts';
import { allButOnly } from '../support/enablement-script.ts';
import { type Enabled, enablementBundle, whileEnabling } from '../support/enablement.ts';
import { startTimeSkipping } from '../support/temporal.ts';

/** Histories begin anew after fifty events. Each test has a server of its own. */
describe('an enablement whose history begins anew', () => {
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
  ) => whileEnabling(env, bundled, { input: { maxHistory: 50 }, ...options }, during);

  const runIdOf = async (enabled: Enabled) => (await enabled.handle().describe()).runId;

  test('loses no message that is on its way, by update or by signal', async () => {
    const outcome = await enabling({ ends: true }, async (enabled) => {
      const first = await runIdOf(enabled);
      // All at once, so that some meet the end of a history.
      const sent = STEP_NUMBERS.map((step) => {
        const data = { step, value: stepOf(step).example, by: `by-${step}` };
        return step % 2 === 0 ? enabled.update('answer', data) : enabled.signal('answer', data);
      });
      await Promise.all(sent);
      await enabled.until('it is through', ({ status }) => status === 'completed');
      expect(await runIdOf(enabled)).not.toBe(first);
      for (const step of STEP_NUMBERS) expect(enabled.stage.answers.get(step)).toHaveLength(1);
    });
    expect(outcome.steps.map(({ status, by }) => [status, by])).toEqual(
      STEP_NUMBERS.map((step) => ['done', `by-${step}`]),
    );
  });

  test('goes on from where it stood: what is awaited, since when, what is kept, what was refused', async () => {
    await enabling({ turns: allButOnly([4, 8]) }, async (enabled) => {
      const { awaiting } = await enabled.waiting(4);
      await enabled.answer(8);
      const first = await runIdOf(enabled);
      for (let sent = 0; sent < 30; sent += 1) await enabled.signal('answer', { step: sent + 20 });
      await expect.poll(() => runIdOf(enabled)).not.toBe(first);
      const view = await enabled.until('all are refused', ({ refused }) =>
        (refused.at(-1) ?? '').includes('takes'),
      );
      expect(view).toMatchObject({ awaiting, kept: [8] });
      await enabled.answer(4);
      await enabled.until('it is through', ({ status }) => status === 'completed');
      const { events } = enabled.stage.recorded;
      expect(events.filter(({ kind }) => kind === 'refused')).toHaveLength(30);
      expect(events.filter(({ kind }) => kind === 'started')).toHaveLength(1);
    });
  });

  test('an input that somebody copied from a later run begins at the beginning', async () => {
    const onward = { enablement: '7', tenant: 'other', state: { steps: [] } };
    const outcome = await enabling(
      { input: { onward }, turns: allButOnly([]), ends: true },
      async () => undefined,
    );
    expect(outcome.steps).toHaveLength(11);
    expect(outcome.tenant).not.toBe('other');
  });
});

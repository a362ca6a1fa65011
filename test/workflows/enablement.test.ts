import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundle } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RevsyncError } from '../../src/domain/errors.ts';
import { STEP_NUMBERS, type StepNumber, type Verdict } from '../../src/domain/enablement/step.ts';
import { stepOf } from '../../src/domain/enablement/steps.ts';
import { allButOnly, ask, done, notApplicable, type Turns } from '../support/enablement-script.ts';
import { type Enabled, enablementBundle, type Stage, whileEnabling } from '../support/enablement.ts';
import { startTimeSkipping } from '../support/temporal.ts';

const broken = (): never => {
  throw new RevsyncError('Billing refused the credentials.', {
    code: 'BILLING_CREDENTIALS_REFUSED',
    fate: 'fix-input',
    remedy: 'Give others.',
  });
};

describe('enablement', () => {
  let env: TestWorkflowEnvironment;
  let bundled: WorkflowBundle;
  beforeAll(async () => {
    [env, bundled] = await Promise.all([startTimeSkipping(), enablementBundle()]);
  });
  afterAll(() => env.teardown());

  type Options = Parameters<typeof whileEnabling>[2];
  const enabling = (options: Options, during: (enabled: Enabled) => Promise<void>) =>
    whileEnabling(env, bundled, options, during);
  const attributes = async (enabled: Enabled) => (await enabled.handle().describe()).searchAttributes;

  test('goes through all eleven steps as they are answered, in their order', async () => {
    const outcome = await enabling({ ends: true }, async (enabled) => {
      for (const step of STEP_NUMBERS) {
        const { awaiting } = await enabled.waiting(step);
        expect(awaiting?.example).toEqual({
          update: 'answer',
          data: { step, value: stepOf(step).example, by: '...' },
        });
        await enabled.answer(step);
      }
    });
    expect(outcome).toMatchObject({ outcome: 'completed', reason: null });
    expect(outcome.steps.map(({ step, status, by }) => [step, status, by])).toEqual(
      STEP_NUMBERS.map((step) => [step, 'done', 'ann']),
    );
    for (const { at } of outcome.steps) expect(at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  test('goes through without a person where nothing is asked', async () => {
    const outcome = await enabling({ turns: allButOnly([]), ends: true }, async () => undefined);
    expect(outcome.steps.every(({ status, by }) => status === 'done' && by === 'revsync')).toBe(true);
  });

  const CONDITIONAL: readonly StepNumber[] = [2, 5, 8, 9];
  test.each(CONDITIONAL)('step %i is passed over, and says why, where it does not apply', async (step) => {
    const turns = { ...allButOnly([]), [step]: () => notApplicable('There is only one.') };
    const outcome = await enabling({ turns, ends: true }, async () => undefined);
    const statuses = outcome.steps.map((each) => [each.step, each.applies, each.status]);
    expect(statuses).toEqual(
      STEP_NUMBERS.map((each) => [each, each !== step, each === step ? 'skipped' : 'done']),
    );
    expect(outcome.steps[step - 1]?.note).toBe('Does not apply: There is only one.');
  });

  test.each(CONDITIONAL)('step %i is done where it applies', async (step) => {
    const outcome = await enabling({ turns: allButOnly([step]), ends: true }, async (enabled) => {
      await enabled.waiting(step);
      await enabled.answer(step);
    });
    expect(outcome.steps[step - 1]).toMatchObject({ applies: true, status: 'done', by: 'ann' });
  });

  test('shows lists the tenant, the step and that a person is awaited', async () => {
    await enabling({ turns: allButOnly([4]) }, async (enabled) => {
      await enabled.waiting(4);
      const since = (await enabled.state()).awaiting?.since ?? '';
      expect(await attributes(enabled)).toMatchObject({
        RevsyncTenant: [enabled.workflowId.replace('enablement/', '')],
        RevsyncStep: ['step-04-settings'],
        AwaitingAction: [true],
        AwaitingSince: [new Date(since)],
      });
      await enabled.answer(4);
      await enabled.until('it is through', ({ status }) => status === 'completed');
      expect(await attributes(enabled)).toMatchObject({ AwaitingAction: [false], Outcome: ['completed'] });
    });
  });

  const mapping = [{ entity: '`</code>', org: 'A' }];
  test('the page says what is awaited first, with the JSON to paste, then every step', async () => {
    const turns: Turns = {
      ...allButOnly([2]),
      2: ({ answers }) =>
        answers.length > 0
          ? done('mapped')
          : {
              ...ask(2),
              message: 'Map <b>Acme</b> | `x`.',
              value: { mapping },
            },
    };
    await enabling({ turns }, async (enabled) => {
      await enabled.waiting(2);
      const details = await enabled.details();
      expect(details.startsWith('**Waiting for you at step 2 of 11, Map entities to organisations.**')).toBe(
        true,
      );
      expect(details).toContain('Map &lt;b&gt;Acme&lt;/b&gt; \\| \\`x\\`.');
      expect(details).toContain(
        `\n\`\`\`json\n${JSON.stringify({ step: 2, value: { mapping }, by: '...' }, null, 2)}\n\`\`\`\n`,
      );
      for (const step of STEP_NUMBERS) expect(details).toContain(`\n| ${step} | ${stepOf(step).title} |`);
      expect(details.length).toBeLessThan(4_000);
      const { definition } = await enabled.handle().query<{
        definition: { updateDefinitions: { name: string; description: string }[] };
      }>('__temporal_workflow_metadata');
      const answer = definition.updateDefinitions.find(({ name }) => name === 'answer');
      expect(answer?.description).toContain(
        '{"step":2,"value":{"mapping":[{"entity":"`</code>","org":"A"}]},"by":"..."}',
      );
    });
  });

  test('has the workflows of a step run, each once, and tells the step what came of them', async () => {
    const work = ['a', 'b'].map((entity) => ({
      workflow: 'revenueSync' as const,
      id: `revenue-sync/full-${entity}`,
      input: { entity },
      summary: `first run of ${entity}`,
    }));
    const turns: Turns = {
      ...allButOnly([]),
      10: ({ runs }) =>
        runs.length === 2
          ? done('ran', { runs: runs.map(({ id, outcome, told }) => ({ id, outcome, told })) })
          : { kind: 'work', note: 'first runs', work },
    };
    const child = () => ({ outcome: 'completed' as const, seconds: 3_600, told: { run: '7' } });
    let stage: Stage | undefined;
    const outcome = await enabling({ turns, child, ends: true }, async (enabled) => {
      ({ stage } = enabled);
    });
    expect(stage?.children.map(({ workflow, id, input }) => [workflow, id, input])).toEqual(
      work.map(({ workflow, id, input }) => [workflow, id, input]),
    );
    expect(outcome.steps[9]?.evidence).toEqual({
      runs: work.map(({ id }) => ({ id, outcome: 'completed', told: expect.objectContaining({ run: '7' }) })),
    });
  });

  test('a workflow that comes to no good end waits for a retry, and those before it are not run again', async () => {
    const work = ['c', 'd'].map((org) => ({
      workflow: 'dataCollection' as const,
      id: `data-collection/${org}-bad`,
      input: { org },
      summary: org,
    }));
    let bad = true;
    const turns: Turns = {
      ...allButOnly([]),
      11: ({ runs }) => (runs.length === 2 ? done('collected') : { kind: 'work', note: '', work }),
    };
    const child = ({ id }: { id: string }) => ({
      outcome: bad && id.includes('/d') ? ('aborted' as const) : ('completed' as const),
    });
    let stage: Stage | undefined;
    const outcome = await enabling({ turns, child, ends: true }, async (enabled) => {
      ({ stage } = enabled);
      const { awaiting, steps } = await enabled.waiting(11);
      expect(awaiting).toMatchObject({
        message: 'data-collection/d-bad: it was aborted.',
        example: { update: 'retry', data: { step: 11 } },
      });
      expect(steps[10]?.status).toBe('failed');
      bad = false;
      await enabled.update('retry', { step: 11, by: 'ann' });
    });
    expect(outcome.outcome).toBe('completed');
    expect(stage?.children.map(({ id }) => id)).toEqual([
      'data-collection/c-bad',
      'data-collection/d-bad',
      'data-collection/d-bad',
    ]);
  });

  test('a step that fails waits instead of failing the enablement; retry goes on', async () => {
    let fails = true;
    const turns: Turns = {
      ...allButOnly([]),
      4: () => (fails ? broken() : done('fits')),
    };
    const outcome = await enabling({ turns, ends: true }, async (enabled) => {
      const { awaiting, steps } = await enabled.waiting(4);
      expect(awaiting).toMatchObject({
        message: 'Billing refused the credentials.',
        remedy: 'Give others.',
        example: { update: 'retry', data: { step: 4 } },
      });
      expect(steps[3]).toMatchObject({ status: 'failed', note: 'Billing refused the credentials.' });
      expect(await attributes(enabled)).toMatchObject({ AwaitingAction: [true] });
      fails = false;
      await enabled.update('retry');
    });
    expect(outcome.outcome).toBe('completed');
  });

  test('an answer that is amended has its step done again, and what rests on it', async () => {
    await enabling({ turns: allButOnly([5, 6, 7]) }, async (enabled) => {
      for (const step of [5, 6] as const) {
        await enabled.waiting(step);
        await enabled.answer(step);
      }
      await enabled.waiting(7);
      const value = { approve: true, mapping: [] };
      await enabled.update('amend', { step: 5, value, reason: 'none is needed', by: 'bob' });
      await enabled.waiting(6);
      expect(enabled.stage.answers.get(5)).toEqual([stepOf(5).example, value]);
      expect((await enabled.state()).steps[4]).toMatchObject({ status: 'done', by: 'bob' });
      await enabled.answer(6);
      await enabled.waiting(7);
    });
  });

  test('what happened is told to the database, and how it stands', async () => {
    let stage: Stage | undefined;
    await enabling({ turns: allButOnly([7]) }, async (enabled) => {
      ({ stage } = enabled);
      await enabled.waiting(7);
      await enabled.signal('answer', { step: 99 });
      await enabled.update('skip', { step: 7, reason: 'later', by: 'cem' });
      await enabled.until('it is through', ({ status }) => status === 'completed');
    });
    expect(stage?.recorded.view).toMatchObject({ status: 'completed', awaiting: null });
    const kinds = stage?.recorded.events.map(({ kind, step, by }) => [kind, step, by]);
    expect(kinds).toEqual([
      ['started', null, null],
      ...STEP_NUMBERS.slice(0, 6).map((step) => ['done', step, 'revsync']),
      ['refused', null, null],
      ['skipped', 7, 'cem'],
      ...STEP_NUMBERS.slice(7).map((step) => ['done', step, 'revsync']),
      ['completed', null, null],
    ]);
  });

  test.each([
    ['nothing', undefined],
    ['{}', {}],
    ['a name', 'Acme Inc.'],
    ['an object with a name', { tenant: 'Acme Inc.', by: 'ann' }],
  ])('starts with %s', async (_, input) => {
    const asked: unknown[] = [];
    const openEnablement = async (given: object) => {
      asked.push(given);
      return { enablement: '1', tenant: 'acme' };
    };
    const outcome = await enabling(
      { input, turns: allButOnly([]), activities: { openEnablement }, ends: true },
      async () => undefined,
    );
    expect(outcome.tenant).toBe('acme');
    expect(asked).toEqual([
      expect.objectContaining({ force: false, ...(_.includes('name') ? { tenant: 'Acme Inc.' } : {}) }),
    ]);
  });

  test('a wrong input fails at once, with the JSON that would do', async () => {
    const start = enabling({ input: { tenants: 1 }, ends: true }, async () => undefined);
    await expect(start).rejects.toMatchObject({
      cause: { type: 'INVALID_INPUT', message: expect.stringContaining('It takes {} or {"tenant"') },
    });
  });

  test('a tenant that is live is refused, and says how to force it', async () => {
    const openEnablement = async () => {
      throw new RevsyncError('Tenant acme is live.', {
        code: 'ENABLEMENT_LIVE',
        fate: 'fix-input',
        remedy: 'Start it with {"force": true}.',
      });
    };
    const start = enabling({ activities: { openEnablement }, ends: true }, async () => undefined);
    await expect(start).rejects.toMatchObject({
      cause: {
        cause: {
          type: 'ENABLEMENT_LIVE',
          details: [expect.objectContaining({ remedy: 'Start it with {"force": true}.' })],
        },
      },
    });
  });

  test('is told to the database as at work once it was answered, however long that takes', async () => {
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => void (goOn = resolve));
    await enabling({ turns: allButOnly([4]) }, async (enabled) => {
      await enabled.waiting(4);
      await expect.poll(() => enabled.stage.recorded.view?.awaiting?.step).toBe(4);
      const { stage } = enabled;
      stage.hold = held;
      await enabled.answer(4);
      await expect.poll(() => stage.recorded.view?.awaiting).toBeNull();
      expect(stage.recorded.view).toMatchObject({ status: 'running' });
      expect(stage.recorded.view?.steps[3]?.status).toBe('running');
      goOn();
      await enabled.until('it is through', ({ status }) => status === 'completed');
    });
  });

  test('shows that an answer is being checked for as long as Billing takes', async () => {
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => void (answer = resolve));
    const takeAnswer = async (): Promise<Verdict> => {
      await asked;
      return { taken: false, refusal: 'Billing knows of no such entity.', value: {} };
    };
    await enabling({ turns: allButOnly([2]), activities: { takeAnswer } }, async (enabled) => {
      await enabled.waiting(2);
      await enabled.signal('answer', { step: 2, value: stepOf(2).example });
      const checked = 'The answer to step 2 is being checked.';
      await expect.poll(() => enabled.details()).toContain(checked);
      answer();
      await enabled.until('it is refused', ({ refused }) => refused.length === 1);
      expect(await enabled.details()).not.toContain(checked);
    });
  });

  test('an abort ends it, cancels what is under way, and is told to the database', async () => {
    const work = { workflow: 'settingsSync' as const, id: 'settings-sync/aborted', input: {}, summary: '' };
    let stage: Stage | undefined;
    const turns: Turns = { ...allButOnly([]), 4: () => ({ kind: 'work', note: '', work: [work] }) };
    const outcome = await enabling(
      { turns, child: () => ({ outcome: 'completed', held: true }), ends: true },
      async (enabled) => {
        ({ stage } = enabled);
        await expect.poll(() => enabled.stage.children.length).toBe(1);
        await enabled.update('abort', { reason: 'another year', by: 'ann' });
      },
    );
    expect(outcome).toMatchObject({ outcome: 'aborted', reason: 'another year' });
    expect(stage?.recorded.view?.status).toBe('aborted');
    const child = await env.client.workflow.getHandle(work.id).describe();
    expect(child.status.name).toBe('CANCELLED');
  });

  test('a cancellation is told to the database, too', async () => {
    let stage: Stage | undefined;
    const ended = enabling({ turns: allButOnly([1]), ends: true }, async (enabled) => {
      ({ stage } = enabled);
      await enabled.waiting(1);
      await enabled.handle().cancel();
    });
    await expect(ended).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(stage?.recorded.view?.status).toBe('aborted');
  });

  test('asks again when one answer is not all that a step needs', async () => {
    const turns: Turns = {
      ...allButOnly([]),
      1: ({ answers }) => (answers.length < 2 ? ask(1) : done('resolved')),
    };
    await enabling({ turns }, async (enabled) => {
      await enabled.waiting(1);
      await enabled.answer(1, { contact: 'ann@example.com' });
      await enabled.waiting(1);
      await enabled.answer(1, { resolved: true });
      await enabled.until('it is through', ({ status }) => status === 'completed');
    });
  });
});

import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundle } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { stepOf } from '../../src/domain/enablement/steps.ts';
import { allButOnly, done, type Turns } from '../support/enablement-script.ts';
import { type Enabled, enablementBundle, whileEnabling } from '../support/enablement.ts';
import { startTimeSkipping } from '../support/temporal.ts';

const RIGHT_4 = JSON.stringify({ step: 4, value: stepOf(4).example, by: '...' });
const RIGHT_7 = JSON.stringify({ step: 7, value: stepOf(7).example, by: '...' });

/** What each message is refused for while step 4 waits and steps 1 to 3 are done. */
const REFUSED: readonly [name: string, what: string, data: unknown, refusal: string][] = [
  ['answer', 'empty', undefined, `answer takes ${RIGHT_4}`],
  ['answer', 'null', null, `answer takes ${RIGHT_4}`],
  ['answer', 'a text', 'yes', `answer takes ${RIGHT_4}`],
  ['answer', 'a list', [4], `answer takes ${RIGHT_4}`],
  ['answer', 'without a value', { step: 4 }, `answer takes ${RIGHT_4}`],
  ['answer', 'of a step that there is not', { step: 12, value: {} }, 'is no step: steps are 1 to 11'],
  ['answer', 'with a field too many', { step: 4, value: {}, to: 'x' }, `answer takes ${RIGHT_4}`],
  ['answer', 'with a wrong value', { step: 4, value: { approve: 'yes' } }, `Send ${RIGHT_4}`],
  ['answer', 'with a value of another step', { step: 4, value: stepOf(8).example }, `Send ${RIGHT_4}`],
  ['answer', 'too late', { step: 2, value: stepOf(2).example }, 'step 2 is done since '],
  [
    'answer',
    'too late and final',
    { step: 3, value: stepOf(3).example },
    'It stays so: a home currency that was taken',
  ],
  ['answer', 'early with a wrong value', { step: 7, value: { requested: 1 } }, `Send ${RIGHT_7}`],
  [
    'answer',
    'that skips what may not be skipped',
    { step: 4, value: { skip: true, reason: 'x' } },
    'step 4 may not be skipped',
  ],
  [
    'answer',
    'that skips without a reason',
    { step: 7, value: { skip: true } },
    '{"skip": true, "reason": "..."}',
  ],
  ['answer', 'too long', { step: 2, value: { mapping: 'x'.repeat(70_000) } }, 'longer than 60000 characters'],
  [
    'answer',
    'named as no database keeps it',
    { step: 4, value: { 'a\0': 1 } },
    'answer: a text has U+0000 in it, which no database keeps. Send it without.',
  ],
  ['retry', 'with half a character', { 'a\ud83d': 1 }, 'retry: a text has U+D83D in it'],
  ['skip', 'for half a character', { step: 7, reason: '\ude00' }, 'skip: a text has U+DE00 in it'],
  ['amend', 'empty', undefined, 'amend takes {"step": 4, "value": {...}, "reason": "...", "by": "..."}'],
  ['amend', 'without a reason', { step: 2, value: stepOf(2).example }, 'amend takes {"step": 4'],
  ['amend', 'with a wrong value', { step: 2, value: {}, reason: 'x' }, 'the value does not fit step 2'],
  [
    'amend',
    'of what is final',
    { step: 3, value: stepOf(3).example, reason: 'x' },
    'step 3 cannot be amended',
  ],
  ['amend', 'too early', { step: 7, value: stepOf(7).example, reason: 'x' }, 'there is nothing to amend'],
  ['retry', 'of another step', { step: 5 }, 'step 5 does not wait; step 4 does. Send {"step": 4} or {}'],
  ['retry', 'a text', 'now', 'retry takes {}'],
  ['skip', 'empty', undefined, 'skip takes {"step": 7, "reason": "...", "by": "..."}'],
  ['skip', 'without a reason', { step: 7 }, 'skip takes {"step"'],
  [
    'skip',
    'of what may not be skipped',
    { step: 4, reason: 'x' },
    'step 4 may not be skipped: deviations may be accepted',
  ],
  ['skip', 'too late', { step: 5, reason: 'x' }, ''],
  ['abort', 'empty', undefined, 'abort takes {"reason": "...", "by": "..."}'],
];

describe('messages of an enablement', () => {
  let env: TestWorkflowEnvironment;
  let bundled: WorkflowBundle;
  beforeAll(async () => {
    [env, bundled] = await Promise.all([startTimeSkipping(), enablementBundle()]);
  });
  afterAll(() => env.teardown());

  type Options = Parameters<typeof whileEnabling>[2];
  const enabling = (options: Options, during: (enabled: Enabled) => Promise<void>) =>
    whileEnabling(env, bundled, options, during);

  const refused = REFUSED.filter(([, , , refusal]) => refusal !== '');

  test('an update is refused with the JSON that would do, and changes nothing', async () => {
    await enabling({ turns: allButOnly([4, 7]) }, async (enabled) => {
      const before = await enabled.waiting(4);
      for (const [name, what, data, refusal] of refused) {
        await expect(
          enabled.update(name, ...(data === undefined ? [] : [data])),
          `${name} ${what}`,
        ).rejects.toMatchObject({
          cause: { type: 'MESSAGE_REFUSED', message: expect.stringContaining(refusal) },
        });
      }
      expect(await enabled.state()).toEqual(before);
    });
  });

  test('a signal that is refused is shown, with the JSON that would do', async () => {
    await enabling({ turns: allButOnly([4, 7]) }, async (enabled) => {
      const { steps, awaiting } = await enabled.waiting(4);
      for (const [name, what, data, refusal] of refused) {
        await enabled.signal(name, ...(data === undefined ? [] : [data]));
        const { refused: shown } = await enabled.until(`${name} ${what} is refused`, (view) =>
          (view.refused.at(-1) ?? '').includes(refusal),
        );
        expect(shown.length).toBeLessThanOrEqual(10);
      }
      expect(await enabled.state()).toMatchObject({ steps, awaiting });
      expect(await enabled.details()).toContain('- refused: abort takes');
    });
  });

  test('an answer that comes too early is kept until its step asks', async () => {
    const outcome = await enabling({ turns: allButOnly([4, 8]), ends: true }, async (enabled) => {
      await enabled.waiting(4);
      const view = await enabled.answer(8, { schedule: 'off' });
      expect(view.kept).toEqual([8]);
      await enabled.signal('answer', { step: '8', value: { schedule: 'daily' }, by: 'bob' });
      expect(await enabled.details()).toContain('Answers kept until their step asks: 8');
      await enabled.answer(4);
      await enabled.until('it is through', ({ status }) => status === 'completed');
      // The later one takes the place of the earlier one.
      expect(enabled.stage.answers.get(8)).toEqual([{ schedule: 'daily' }]);
    });
    expect(outcome.steps[7]).toMatchObject({ status: 'done', by: 'bob' });
  });

  test('nothing that is said while a workflow of a step runs is lost', async () => {
    const work = { workflow: 'settingsSync' as const, id: 'settings-sync/meanwhile', input: {}, summary: '' };
    const turns: Turns = {
      ...allButOnly([8]),
      4: ({ runs }) => (runs.length === 1 ? done('it ran') : { kind: 'work', note: '', work: [work] }),
    };
    const child = () => ({ outcome: 'completed' as const, held: true });
    const outcome = await enabling({ turns, child, ends: true }, async (enabled) => {
      await expect.poll(() => enabled.stage.children.length).toBe(1);
      await enabled.answer(8, { schedule: 'off' });
      await enabled.signal('retry', {});
      await enabled.until('the retry is refused', ({ refused: told }) => told.length === 1);
      // Such a workflow may run for days.
      await expect
        .poll(() => enabled.stage.recorded.view)
        .toMatchObject({ kept: [8], refused: [expect.any(String)] });
      await env.client.workflow.getHandle(work.id).signal('goOn');
      await enabled.until('it is through', ({ status }) => status === 'completed');
      expect((await enabled.state()).refused).toHaveLength(1);
      expect(enabled.stage.answers.get(8)).toEqual([{ schedule: 'off' }]);
      const kinds = enabled.stage.recorded.events.map(({ kind }) => kind);
      expect(kinds).toEqual(expect.arrayContaining(['kept', 'refused']));
    });
    expect(outcome.steps[7]).toMatchObject({ status: 'done', by: 'ann' });
  });

  test('the database is told at once what is kept and what was refused', async () => {
    await enabling({ turns: allButOnly([4, 8]) }, async (enabled) => {
      await enabled.waiting(4);
      await enabled.answer(8);
      await enabled.signal('answer', {});
      await expect
        .poll(() => enabled.stage.recorded.view)
        .toMatchObject({ kept: [8], refused: [expect.any(String)] });
      expect(enabled.stage.recorded.events.find(({ kind }) => kind === 'kept')).toMatchObject({
        step: 8,
        by: 'ann',
        before: null,
        after: stepOf(8).example,
      });
    });
  });

  test('a step that always applies and is to be skipped does not begin, and sends no ticket', async () => {
    await enabling({ turns: allButOnly([4, 7]) }, async (enabled) => {
      await enabled.waiting(4);
      await enabled.update('skip', { step: 7, reason: 'Next year.' });
      await enabled.answer(4);
      await enabled.until('it is through', ({ status }) => status === 'completed');
      expect(enabled.stage.looks).not.toContain(7);
    });
  });

  test('an amendment that is refused says the amendment that would do', async () => {
    const refusal = (step: number) => (step === 2 ? 'They stay where they are.' : null);
    await enabling({ turns: allButOnly([4]), refusal }, async (enabled) => {
      await enabled.waiting(4);
      const amended = enabled.update('amend', {
        step: 2,
        value: stepOf(2).example,
        reason: 'another mapping',
      });
      await expect(amended).rejects.toMatchObject({
        cause: { message: expect.stringContaining('"by":"...","reason":"another mapping"}') },
      });
    });
  });

  test('a kept answer that Billing speaks against is refused when its step asks, and the step waits', async () => {
    const refusal = (step: number) => (step === 8 ? 'There is no such schedule.' : null);
    await enabling({ turns: allButOnly([4, 8]), refusal }, async (enabled) => {
      await enabled.waiting(4);
      await enabled.answer(8);
      await enabled.answer(4);
      const view = await enabled.waiting(8);
      expect(view.kept).toEqual([]);
      expect((await enabled.until('it is told', ({ refused: told }) => told.length > 0)).refused).toEqual([
        'step 8: There is no such schedule. Send {"step":8,"value":{"schedule":"daily"},"by":"..."}',
      ]);
    });
  });

  test('an answer to a step that does not need it is listed', async () => {
    await enabling({ turns: allButOnly([4]) }, async (enabled) => {
      await enabled.waiting(4);
      await enabled.answer(8);
      await enabled.answer(4);
      const { ignored } = await enabled.until('it is through', ({ status }) => status === 'completed');
      expect(ignored).toEqual([8]);
    });
  });

  test('an answer that Billing speaks against is refused in the dialog; the right one is taken', async () => {
    const wrong = { mapping: [{ entity: 'Nobody', org: 'A' }] };
    const refusal = (_: number, value: object) =>
      JSON.stringify(value).includes('Nobody') ? 'There is no entity "Nobody".' : null;
    await enabling({ turns: allButOnly([2]), refusal }, async (enabled) => {
      await enabled.waiting(2);
      await expect(enabled.answer(2, wrong)).rejects.toMatchObject({
        cause: {
          type: 'MESSAGE_REFUSED',
          message:
            'step 2: There is no entity "Nobody". Send {"step":2,"value":{"mapping":[{"entity":"Acme US","org":"AMER"}]},"by":"..."}',
        },
      });
      await enabled.signal('answer', { step: 2, value: wrong });
      await enabled.until('it is told', ({ refused: told }) =>
        told.some((text) => text.includes('"Nobody"')),
      );
      await enabled.answer(2);
      await enabled.until('it is through', ({ status }) => status === 'completed');
    });
  });

  test('one answer sent twice is taken once', async () => {
    await enabling({ turns: allButOnly([4, 7]) }, async (enabled) => {
      await enabled.waiting(4);
      const both = await Promise.allSettled([enabled.answer(4), enabled.answer(4)]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      await enabled.waiting(7);
      expect(enabled.stage.answers.get(4)).toHaveLength(1);
      // The same update sent again, as a client does that lost its connection, is the same update.
      const once = { updateId: 'seven', args: [{ step: 7, value: stepOf(7).example }] as [unknown] };
      await enabled.handle().executeUpdate('answer', once);
      await enabled.handle().executeUpdate('answer', once);
      await enabled.until('it is through', ({ status }) => status === 'completed');
      expect(enabled.stage.answers.get(7)).toHaveLength(1);
    });
  });

  test('a step is skipped with a reason, at once or when its time comes', async () => {
    const outcome = await enabling({ turns: allButOnly([4, 5, 7, 9]), ends: true }, async (enabled) => {
      await enabled.waiting(4);
      await enabled.update('skip', { step: 7, reason: 'Next quarter.', by: 'ann' });
      await enabled.signal('answer', { step: 9, value: { skip: true, reason: 'None of them.' }, by: 'ann' });
      await enabled.answer(4);
      await enabled.waiting(5);
      await enabled.update('skip', { step: 5, reason: 'Not needed.' });
    });
    expect(
      outcome.steps
        .filter(({ status }) => status === 'skipped')
        .map(({ step, by, applies, note }) => [step, by, applies, note.split(' What')[0]]),
    ).toEqual([
      [5, null, true, 'Skipped: Not needed.'],
      [7, 'ann', true, 'Skipped: Next quarter.'],
      [9, 'ann', true, 'Skipped: None of them.'],
    ]);
  });

  test('a retry looks again at a step that asks', async () => {
    await enabling({ turns: allButOnly([4]) }, async (enabled) => {
      await enabled.waiting(4);
      const looks = enabled.stage.looks.filter((step) => step === 4).length;
      await enabled.update('retry', {});
      await expect.poll(() => enabled.stage.looks.filter((step) => step === 4).length).toBe(looks + 1);
      await enabled.waiting(4);
    });
  });

  test('after its end every message is refused', async () => {
    await enabling({ turns: allButOnly([]), ends: true }, async (enabled) => {
      await enabled.until('it is through', ({ status }) => status === 'completed');
      await expect(enabled.answer(4)).rejects.toThrow();
    });
  });
});

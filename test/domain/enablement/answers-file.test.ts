import { describe, expect, test } from 'vitest';

import { readAnswers } from '../../../src/domain/enablement/answers-file.ts';
import { ENABLEMENT_STEPS } from '../../../src/domain/enablement/steps.ts';

const mistakes = (input: unknown) => {
  const read = readAnswers(input);
  return 'mistakes' in read ? read.mistakes : [];
};
const paths = (input: unknown): string[] => mistakes(input).map(({ path }) => path);

describe('a file of answers', () => {
  test('is read by the forms of the steps', () => {
    const read = readAnswers({
      by: ' ann ',
      answers: {
        '10': { mode: 'instant-on', intervalSeconds: 30 },
        '1': { contact: 'a@b.c', resolved: true },
        '7': { skip: true, reason: 'Later.' },
      },
    });
    expect(read).toEqual({
      prepared: {
        by: 'ann',
        answers: new Map<number, object>([
          [1, { kind: 'answer', value: { contact: 'a@b.c', resolved: true } }],
          [7, { kind: 'skip', reason: 'Later.' }],
          [10, { kind: 'answer', value: { mode: 'instant-on', intervalSeconds: 30 } }],
        ]),
      },
    });
    expect(readAnswers({ answers: {} })).toEqual({ prepared: { by: null, answers: new Map() } });
  });

  test('takes the example of every step', () => {
    const answers = Object.fromEntries(ENABLEMENT_STEPS.map(({ step, example }) => [String(step), example]));
    expect(mistakes({ answers })).toEqual([]);
  });

  test.each([[null], ['text'], [[]], [7], [{}], [{ answers: [] }], [{ answers: null }]])(
    '%j is none, and the form is shown',
    (input) => {
      const found = mistakes(input);
      expect(found.length).toBeGreaterThan(0);
      for (const { suggestion } of found) expect(suggestion).toContain('{"by": "...", "answers"');
    },
  );

  test.each([
    [{ answers: {}, more: 1 }, ['']],
    [{ answers: {}, by: '' }, ['by']],
    [{ answers: { '12': {} } }, ['answers.12']],
    [{ answers: { '01': {} } }, ['answers.01']],
    [{ answers: { 'step-04-settings': {} } }, ['answers.step-04-settings']],
    [{ answers: { '3': null } }, ['answers.3']],
    [{ answers: { '8': { schedule: 'hourly' } } }, ['answers.8.schedule']],
    [{ answers: { '8': { schedule: 'daily', more: 1 } } }, ['answers.8']],
    [
      { answers: { '5': { approve: true, mapping: [{ from: 'A.B__c', to: 'ATR61' }] } } },
      ['answers.5.mapping.0.to'],
    ],
    [{ answers: { '10': { mode: 'manual', cron: '0 2 * * *' } } }, ['answers.10.cron']],
    [{ answers: { '7': { skip: true } } }, ['answers.7.reason']],
    [{ answers: { '7': { skip: false, reason: 'x' } } }, ['answers.7.skip']],
    [{ answers: { '7': { skip: true, reason: 'x', by: 'ann' } } }, ['answers.7']],
  ])('%j is told by its place', (input, expected) => {
    expect(paths(input)).toEqual(expected);
  });

  test('tells every mistake at once, each with what would do', () => {
    const found = mistakes({ answers: { '6': { approve: false }, '11': { mode: 'never' }, '99': {} } });
    expect(found.map(({ path, suggestion }) => [path, suggestion])).toEqual([
      ['answers.6.approve', 'For example {"approve":true}.'],
      ['answers.11.mode', 'For example {"mode":"auto-collect"}.'],
      ['answers.99', 'Steps are "1" to "11".'],
    ]);
  });

  test('skips only what may be skipped', () => {
    for (const { step, skip } of ENABLEMENT_STEPS) {
      const found = mistakes({ answers: { [step]: { skip: true, reason: 'x' } } });
      expect(found.map(({ message }) => message)).toEqual(
        skip.legal ? [] : [`Step ${step} may not be skipped.`],
      );
    }
  });
});

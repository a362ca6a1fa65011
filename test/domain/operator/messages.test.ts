import { describe, expect, test } from 'vitest';

import {
  Abort,
  EXAMPLES,
  misfit,
  RejectHold,
  ReleaseHold,
  Retry,
  Skip,
} from '../../../src/domain/operator/messages.ts';

const SCHEMAS = {
  retry: Retry,
  skip: Skip,
  abort: Abort,
  releaseHold: ReleaseHold,
  rejectHold: RejectHold,
} as const;
const names = ['retry', 'skip', 'abort', 'releaseHold', 'rejectHold'] as const;

describe('misfit', () => {
  test.each(names)('takes the example of %s', (name) => {
    expect(misfit(SCHEMAS[name], name, JSON.parse(EXAMPLES[name]))).toBeNull();
  });

  test.each([undefined, null, {}])('takes an empty box for an empty message: %j', (message) => {
    expect(misfit(Retry, 'retry', message)).toBeNull();
  });

  test.each([
    ['an abort without a reason', 'abort', undefined],
    ['an abort with an empty reason', 'abort', { reason: '' }],
    ['a skip without a step', 'skip', { reason: 'not needed' }],
    ['a text', 'retry', 'please'],
    ['a list', 'retry', []],
    ['a key nobody knows', 'retry', { stepp: 'extract' }],
    ['a number for a name', 'retry', { by: 7 }],
    ['a release of nothing', 'releaseHold', undefined],
    ['a release without lines', 'releaseHold', { as: 'correction', reason: 'r', by: 'ann' }],
    ['a release of an empty filter', 'releaseHold', { filter: {}, as: 'correction', reason: 'r', by: 'ann' }],
    ['a release as nothing', 'releaseHold', { lines: ['SO:a'], reason: 'r', by: 'ann' }],
    ['a release as a rejection', 'releaseHold', { lines: ['SO:a'], as: 'rejected', reason: 'r', by: 'ann' }],
    ['an abort with a blank reason', 'abort', { reason: ' ' }],
    ['an abort by nobody', 'abort', { reason: 'r', by: ' ' }],
    ['a skip with a blank reason', 'skip', { step: 'extract', reason: '\n' }],
    ['a rejection by a blank', 'rejectHold', { lines: ['SO:a'], reason: 'r', by: ' ' }],
    ['a rejection without a reason', 'rejectHold', { lines: ['SO:a'], reason: ' ', by: 'ann' }],
    ['a rejection by nobody', 'rejectHold', { lines: ['SO:a'], reason: 'r' }],
  ] as const)('refuses %s, in one line with the JSON that would do', (_what, name, message) => {
    const why = misfit(SCHEMAS[name], name, message);
    expect(why).toContain(`${name} takes ${EXAMPLES[name]}`);
    expect(why).not.toContain('\n');
  });

  test.each([
    ['lines.0', { lines: ['SO:a\u0000'], reason: 'r', by: 'ann' }],
    ['filter.subscription', { filter: { subscription: 'A\u0000' }, reason: 'r', by: 'ann' }],
    ['reason', { lines: ['SO:a'], reason: 'Twice.\u0000', by: 'ann' }],
    ['by', { lines: ['SO:a'], reason: 'r', by: 'an\u0000n' }],
  ])('names the control character that %s has in it', (where, message) => {
    const why = misfit(RejectHold, 'rejectHold', message);
    expect(why).toContain('has the control character U+0000 in it');
    expect(why?.replace(/\[(\d)\]/, '.$1')).toContain(`at ${where}`);
  });

  test('says of a key of any length no more than is needed', () => {
    const why = misfit(Retry, 'retry', { ['k'.repeat(600_000)]: 1 });
    expect(why).toMatch(/^retry takes \{\}: .*Unrecognized key: "k+…$/);
    expect(why?.length).toBeLessThan(330);
  });

  test('takes a reason of several lines', () => {
    const message = { lines: ['SO:a'], reason: 'Twice:\n\tonce in May.', by: 'ann' };
    expect(misfit(RejectHold, 'rejectHold', message)).toBeNull();
  });
});

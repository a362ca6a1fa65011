import { describe, expect, test } from 'vitest';

import { invariant, reasonOf, RevsyncError } from '../../src/domain/errors.ts';

describe('RevsyncError', () => {
  test('says what happened, what to do, and keeps what caused it', () => {
    const cause = new Error('socket closed');
    const error = new RevsyncError('It did not work.', {
      code: 'CODE',
      fate: 'retry',
      remedy: 'Wait.',
      cause,
    });
    expect(error).toMatchObject({ name: 'RevsyncError', message: 'It did not work.', code: 'CODE', cause });
    expect(error.context).toEqual({});
    expect(error.retryAfter).toBeUndefined();
  });
});

describe('invariant', () => {
  test('lets what holds pass', () => {
    expect(() => invariant(true, 'never')).not.toThrow();
  });

  test('is a bug to be reported, not to be retried', () => {
    expect(() => invariant(false, 'two and two are five')).toThrow(
      expect.objectContaining({
        code: 'INVARIANT_BROKEN',
        fate: 'bug',
        message: 'Invariant broken: two and two are five',
      }),
    );
  });
});

describe('reasonOf', () => {
  test.each([
    ['the first line of a message', new Error('first\nsecond'), 'first'],
    ['the name of an error without a message', new TypeError(), 'TypeError'],
    ['a text as it is', 'no', 'no'],
    ['whatever else was thrown, as text', undefined, 'undefined'],
  ])('is %s', (_what, thrown, reason) => {
    expect(reasonOf(thrown)).toBe(reason);
  });
});

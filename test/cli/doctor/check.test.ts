import { describe, expect, test } from 'vitest';

import { exitOf, failed, failedBy, passed } from '../../../src/cli/doctor/check.ts';
import { RevsyncError } from '../../../src/domain/errors.ts';

describe('exitOf', () => {
  const refused = new RevsyncError('No.', {
    code: 'BILLING_CREDENTIALS_REFUSED',
    fate: 'fix-input',
    remedy: 'Check them.',
  });

  test('is 0 when nothing failed', () => {
    expect(exitOf([passed('a', ''), passed('b', '')])).toBe(0);
  });

  test('is 1 when a check failed', () => {
    expect(exitOf([passed('a', ''), failed('b', '', '')])).toBe(1);
    expect(exitOf([failedBy('a', new Error('boom'))])).toBe(1);
  });

  test('is 2 when the environment cannot be used', () => {
    expect(exitOf([failed('a', '', ''), failedBy('b', refused)])).toBe(2);
  });

  test('a failure keeps its sentence and what to do', () => {
    expect(failedBy('billing', refused)).toMatchObject({ ok: false, message: 'No.', remedy: 'Check them.' });
  });
});

import { describe, expect, test } from 'vitest';

import { asked, refusalOf } from '../../../src/cli/doctor/asking.ts';
import { createPatience } from '../../../src/cli/doctor/patience.ts';
import { RevsyncError } from '../../../src/domain/errors.ts';
import { notPermitted } from './stub-billing.ts';

const patience = createPatience({ each: 10_000, all: 10_000 });

const error = (code: string, status?: number): RevsyncError =>
  new RevsyncError('Billing said no', {
    code,
    fate: 'fix-input',
    remedy: 'Ask.',
    ...(status === undefined ? {} : { context: { status } }),
  });

describe('asked', () => {
  test('tells what was found', async () => {
    const codes = async () => ['a', 'b'];
    await expect(asked(patience, codes, (found) => `${found.length} codes`)).resolves.toEqual({
      state: 'ok',
      detail: '2 codes',
    });
    const none = await asked(patience, codes, () => ({ state: 'absent', detail: 'none' }));
    expect(none.state).toBe('absent');
  });

  test('takes a refusal for an answer', async () => {
    const refused = await asked(patience, async () => Promise.reject(notPermitted('settings')), String);
    expect(refused).toEqual({ state: 'refused', detail: 'Zuora Billing does not permit settings' });
  });
});

describe('refusalOf', () => {
  test.each([
    ['BILLING_PERMISSION_MISSING', 403, 'refused'],
    ['BILLING_REQUEST_REFUSED', 400, 'refused'],
    ['BILLING_REQUEST_REFUSED', 404, 'absent'],
    ['BILLING_CREDENTIALS_REFUSED', 401, 'refused'],
    ['BILLING_BUSY', 503, 'unknown'],
    ['BILLING_UNREACHABLE', undefined, 'unknown'],
    ['BILLING_RATE_LIMITED', 429, 'unknown'],
    ['DOCTOR_WAITED', undefined, 'unknown'],
  ])('%s with status %s says %s', (code, status, state) => {
    expect(refusalOf(error(code, status))).toEqual({ state, detail: 'Billing said no' });
  });

  test('whatever else is thrown says nothing about access', () => {
    expect(refusalOf(new TypeError('a slip')).state).toBe('unknown');
  });
});

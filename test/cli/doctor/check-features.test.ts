import { describe, expect, test } from 'vitest';

import type { BillingReport } from '../../../src/cli/doctor/billing-report.ts';
import { checkFeatures } from '../../../src/cli/doctor/check-features.ts';
import type { JudgedFeature } from '../../../src/domain/features/judge.ts';

const feature = (id: string, given: Partial<JudgedFeature> = {}, entities = ['north', 'south']) => ({
  id,
  name: `The ${id}`,
  essential: true,
  state: 'ok' as const,
  by: 'export',
  found: null,
  missing: [],
  consequence: null,
  remedy: null,
  entities,
  ...given,
});

const entity = (key: string, access: 'ok' | 'refused' | 'unknown' | 'not-asked' = 'ok') => ({
  key,
  id: key,
  name: key,
  displayName: key,
  parent: null,
  timezone: null,
  homeCurrency: null,
  access,
  note: null,
});

const report = (
  features: BillingReport['features'],
  entities = [entity('north'), entity('south')],
): BillingReport => ({ entities, objects: [], apis: [], features });

describe('checkFeatures', () => {
  test('is passed when all works, or is off', () => {
    const check = checkFeatures(report([feature('bookings'), feature('memos', { state: 'off' })]));
    expect(check).toMatchObject({ check: 'billing-access', ok: true, unusable: false });
    expect(check.message).toContain('All else works, or is off.');
  });

  test('is passed without a feature that is not essential, and names it', () => {
    const orders = feature('orders', { essential: false, state: 'missing', remedy: 'Ask.' });
    const check = checkFeatures(report([feature('bookings', { state: 'partly' }), orders]));
    expect(check.ok).toBe(true);
    expect(check.message).toContain('Not in full: bookings, orders (see below).');
  });

  test('fails without an essential one, and says where, for want of what, and what to do', () => {
    const missing = { state: 'missing', missing: ['Invoice', 'Account'], remedy: 'Permit it.' } as const;
    const check = checkFeatures(report([feature('bookings'), feature('billings', missing, ['south'])]));
    expect(check).toMatchObject({
      ok: false,
      unusable: false,
      message: 'There is no revenue without The billings in south (lacks Invoice, Account).',
      remedy: 'Permit it.',
    });
  });

  test('fails when Billing did not answer about an essential one', () => {
    const check = checkFeatures(
      report([feature('bookings', { state: 'unknown', missing: ['AQuA export'] })]),
    );
    expect(check).toMatchObject({ ok: false, remedy: expect.stringContaining('again') });
    expect(check.message).toContain('The bookings (lacks AQuA export)');
  });

  test('fails when the credentials reach nothing in an entity that was looked at', () => {
    const entities = [entity('north'), entity('south', 'refused'), entity('west', 'not-asked')];
    expect(checkFeatures(report([feature('bookings', {}, ['north'])], entities))).toMatchObject({
      ok: false,
      message: 'The credentials can read nothing in south.',
    });
  });
});

import { describe, expect, test } from 'vitest';

import { completePolicies, hasPolicy } from '../../../src/domain/mapping/policies.ts';

describe('completePolicies', () => {
  test('gives every policy that the type has its default', () => {
    expect(completePolicies('SO', {})).toEqual({
      evergreen: 'invoice-driven',
      subscriptionOwner: 'current',
      invoiceOwner: 'current',
    });
    expect(completePolicies('CM', {})).toEqual({
      standaloneReference: 'keep',
      billRunCredits: 'CM',
      subscriptionOwner: 'current',
      invoiceOwner: 'current',
    });
  });

  test('keeps what is chosen, in one order', () => {
    const chosen = completePolicies('CM', { invoiceOwner: 'original', billRunCredits: 'CM-C' });
    expect(chosen).toMatchObject({ billRunCredits: 'CM-C', invoiceOwner: 'original' });
    expect(Object.keys(chosen)).toEqual([
      'standaloneReference',
      'billRunCredits',
      'subscriptionOwner',
      'invoiceOwner',
    ]);
  });
});

describe('hasPolicy', () => {
  test('only bookings are evergreen, and only bill runs make credit memos', () => {
    expect(hasPolicy('SO', 'evergreen')).toBe(true);
    expect(hasPolicy('INV', 'evergreen')).toBe(false);
    expect(hasPolicy('CM', 'billRunCredits')).toBe(true);
    expect(hasPolicy('IIA', 'billRunCredits')).toBe(false);
    expect(hasPolicy('SO', 'standaloneReference')).toBe(false);
  });
});

import { describe, expect, test } from 'vitest';

import { nearestName } from '../../src/domain/nearest-name.ts';

const NAMES = ['ChargeAmount', 'ChargeName', 'InvoiceId', 'Ext Sell Price', 'Id'];

describe('nearestName', () => {
  test.each([
    ['chargeamount', 'ChargeAmount'],
    ['ChargAmount', 'ChargeAmount'],
    ['ChargeAmuont', 'ChargeAmount'],
    ['ChargeNames', 'ChargeName'],
    ['Sell Price', 'Ext Sell Price'],
  ])('takes %s for %s', (written, meant) => {
    expect(nearestName(written, NAMES)).toBe(meant);
  });

  test('takes the nearest of several', () => {
    expect(nearestName('ATR11', ['ATR1', 'ATR12', 'ATR11x'])).toBe('ATR1');
    expect(nearestName('ab', ['ba', 'ab'])).toBe('ab');
  });

  test.each(['Currency', 'xyz', '', 'I'])('finds nothing near %j', (written) => {
    expect(nearestName(written, NAMES.slice(0, 4))).toBeNull();
  });
});

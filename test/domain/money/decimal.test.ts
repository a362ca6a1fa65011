import { Decimal as SharedDecimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Decimal, sum, ZERO } from '../../../src/domain/money/decimal.ts';

const cents = fc.integer({ min: -1_000_000_00, max: 1_000_000_00 }).map((n) => new Decimal(n).div(100));

describe('Decimal', () => {
  test('is exact where floats are not', () => {
    expect(new Decimal('0.1').plus('0.2').toString()).toBe('0.3');
    expect(new Decimal('9007199254740993').plus(1).toFixed()).toBe('9007199254740994');
  });

  test('rounds half away from zero, above and below it', () => {
    expect(new Decimal('1.005').toFixed(2)).toBe('1.01');
    expect(new Decimal('-1.005').toFixed(2)).toBe('-1.01');
    expect(new Decimal('2.5').toFixed(0)).toBe('3');
  });

  test('keeps thirty-eight digits, so that a third times three is a cent at most away', () => {
    expect(new Decimal(1).div(3).times(3).minus(1).abs().lt('1e-30')).toBe(true);
  });

  test('is not changed by what others set on the library', () => {
    const { precision, rounding } = SharedDecimal;
    SharedDecimal.set({ precision: 3, rounding: SharedDecimal.ROUND_DOWN });
    try {
      expect(new Decimal('1234.565').plus('0.00').toFixed(2)).toBe('1234.57');
    } finally {
      SharedDecimal.set({ precision, rounding });
    }
  });
});

describe('sum', () => {
  test('of nothing is zero', () => {
    expect(sum([])).toBe(ZERO);
  });

  test('does not depend on the order', () => {
    fc.assert(
      fc.property(fc.array(cents), (amounts) => {
        expect(sum(amounts).eq(sum(amounts.toReversed()))).toBe(true);
      }),
    );
  });

  test('loses nothing: an amount and its opposite leave the rest', () => {
    fc.assert(
      fc.property(cents, fc.array(cents), (amount, others) => {
        expect(sum([amount, ...others, amount.neg()]).eq(sum(others))).toBe(true);
      }),
    );
  });
});

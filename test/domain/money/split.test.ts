import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { convert, type Rate } from '../../../src/domain/money/convert.ts';
import { Decimal, sum } from '../../../src/domain/money/decimal.ts';
import { decimalsOf } from '../../../src/domain/money/minor-units.ts';
import { split } from '../../../src/domain/money/split.ts';

const CURRENCY = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'CLF');
const AMOUNT = fc
  .tuple(
    fc.bigInt({ min: -1_000_000_000_000_000n, max: 1_000_000_000_000_000n }),
    fc.integer({ min: 0, max: 6 }),
  )
  .map(([digits, places]) => new Decimal(digits.toString()).div(new Decimal(10).pow(places)));
const RATE: fc.Arbitrary<Rate> = fc.record({
  rate: fc.integer({ min: 1, max: 10 ** 9 }).map((millionths) => new Decimal(millionths).div(1_000_000)),
  inverse: fc.boolean(),
});
/** Weights over five orders of magnitude, zeros and equal ones among them. */
const WEIGHTS = fc
  .array(fc.oneof(fc.constantFrom(0, 1, 3), fc.integer({ min: 1, max: 99_999 })), {
    minLength: 1,
    maxLength: 30,
  })
  .filter((weights) => weights.some((weight) => weight > 0));

const parts = (weights: readonly number[]) =>
  weights.map((weight, at) => ({ key: `m${String(at + 1).padStart(2, '0')}`, weight: new Decimal(weight) }));
const values = (shares: ReadonlyMap<string, Decimal>) => [...shares.values()].map(String);

describe('a total converted once and split', () => {
  test('adds up to the converted total, each part near its share and of its sign (F4, A1 to A4)', () => {
    fc.assert(
      fc.property(
        AMOUNT,
        fc.array(RATE, { maxLength: 2 }),
        CURRENCY,
        WEIGHTS,
        (amount, rates, currency, weights) => {
          const total = convert(amount, rates, currency);
          expect(total.decimalPlaces()).toBeLessThanOrEqual(decimalsOf(currency));
          const shares = split(total, parts(weights), decimalsOf(currency));
          expect(sum([...shares.values()]).eq(total)).toBe(true);
          const unit = new Decimal(10).pow(-decimalsOf(currency));
          const all = weights.reduce((one, other) => one + other, 0);
          for (const [at, share] of [...shares.values()].entries()) {
            expect(share.isZero() || share.isNegative() === total.isNegative()).toBe(true);
            expect(
              share
                .minus(total.times(weights[at] ?? 0).div(all))
                .abs()
                .lt(unit),
            ).toBe(true);
            if (weights[at] === 0) expect(share.isZero()).toBe(true);
          }
          const mirrored = split(total.negated(), parts(weights), decimalsOf(currency));
          expect([...mirrored.values()].map((share) => share.negated().plus(0).toString())).toEqual(
            [...shares.values()].map((share) => share.plus(0).toString()),
          );
        },
      ),
      { seed: 20_240_229, numRuns: 500 },
    );
  });

  test('does not depend on the order of the parts (A5)', () => {
    fc.assert(
      fc.property(WEIGHTS, fc.integer({ min: -500, max: 500 }), (weights, units) => {
        const total = new Decimal(units).div(100);
        const there = split(total, parts(weights), 2);
        const back = split(total, parts(weights).toReversed(), 2);
        for (const [key, share] of there) expect(back.get(key)?.eq(share)).toBe(true);
      }),
      { seed: 20_240_229, numRuns: 300 },
    );
  });

  test('is 135 or 134 yen a month for EUR 10.01 at 161.37, not the 1620 of parts that are rounded each', () => {
    const total = convert(new Decimal('10.01'), [{ rate: new Decimal('161.37'), inverse: false }], 'JPY');
    expect(total.toString()).toBe('1615');
    expect(values(split(total, parts(Array(12).fill(1)), 0))).toEqual([
      ...Array(7).fill('135'),
      ...Array(5).fill('134'),
    ]);
  });

  test('gives the odd cent to the lower key', () => {
    expect(values(split(new Decimal('0.01'), parts([1, 1, 1]), 2))).toEqual(['0.01', '0', '0']);
  });

  test('has no answer without a positive weight', () => {
    expect(() => split(new Decimal(1), parts([0, 0]), 2)).toThrow();
  });
});

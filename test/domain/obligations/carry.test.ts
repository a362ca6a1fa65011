import { describe, expect, test } from 'vitest';

import { Decimal } from '../../../src/domain/money/decimal.ts';
import { carryRelease, type Released } from '../../../src/domain/obligations/carry.ts';

const of = (text: string) => new Decimal(text);
const percent = (text: string): Released => ({ by: 'percent', percent: of(text) });
const units = (text: string): Released => ({ by: 'quantity', units: of(text) });
type Pair = readonly [quantity: string, booked: string];
const segments = (...pairs: readonly Pair[]) =>
  pairs.map(([quantity, booked]) => ({ quantity: of(quantity), booked: of(booked) }));
const amounts = (released: Released, ...pairs: readonly Pair[]) =>
  carryRelease(released, segments(...pairs), 2).map(({ amount }) => amount.toFixed(2));

describe('a release that carries to the segments after it', () => {
  test('is the same percentage of every segment, whatever their quantities', () => {
    expect(amounts(percent('50'), ['10', '2000'], ['15', '15000'])).toEqual(['1000.00', '7500.00']);
  });

  test('is the same number of units of a larger segment, exactly', () => {
    const [, second] = carryRelease(units('10'), segments(['10', '2000'], ['15', '6000']), 2);
    expect(second).toMatchObject({ part: of('10'), of: of('15'), amount: of('4000') });
  });

  test('is all of a smaller segment, and of what follows no more than that one had', () => {
    expect(amounts(units('10'), ['10', '2000'], ['5', '3000'], ['20', '1000'])).toEqual([
      '2000.00',
      '3000.00',
      '250.00',
    ]);
  });

  test('rounds half away from zero, on credits too', () => {
    expect(amounts(percent('50'), ['1', '0.01'], ['1', '-0.01'])).toEqual(['0.01', '-0.01']);
  });

  test('releases what a segment without quantity has booked', () => {
    expect(amounts(units('3'), ['3', '30'], ['0', '7'])).toEqual(['30.00', '7.00']);
  });

  test.each([percent('100.01'), percent('-1'), units('-1')])(
    'is never more or less than there is: %o',
    (bad) => {
      expect(() => carryRelease(bad, segments(['1', '1']), 2)).toThrow('released');
    },
  );
});

import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { convert } from '../../src/domain/money/convert.ts';
import { Decimal, sum } from '../../src/domain/money/decimal.ts';
import { split } from '../../src/domain/money/split.ts';
import { caseFile, casesOf } from './read-cases.ts';

const FILE = caseFile();

/** A decimal, or an exact fraction `a/b`. */
const RATIO = z
  .string()
  .regex(/^\d+(\.\d+)?(\/\d+)?$/)
  .transform((text) => {
    const [above = '0', below = '1'] = text.split('/');
    return { above: new Decimal(above), below: new Decimal(below) };
  });

const ALLOCATIONS = casesOf(
  FILE,
  'allocate',
  z.object({
    total: z.string(),
    scale: z.string(),
    weights: z.array(z.object({ id: z.string(), weight: RATIO })).min(1),
  }),
  z.object({ byPolicy: z.object({ largest_remainder: z.record(z.string(), z.string()) }) }),
);

describe.skipIf(ALLOCATIONS.length === 0)('a total that is allocated by largest remainder', () => {
  test.each(ALLOCATIONS)('%s', (_id, { total, scale, weights }, { byPolicy }) => {
    // Weights over one denominator are whole: a fraction is not rounded before it weighs.
    const common = weights.reduce((product, { weight }) => product.times(weight.below), new Decimal(1));
    const parts = weights.map(({ id, weight }) => ({
      key: id,
      weight: weight.above.times(common).dividedBy(weight.below),
    }));
    const shares = split(new Decimal(total), parts, Number(scale));
    const shown = Object.fromEntries([...shares].map(([key, share]) => [key, share.toFixed(Number(scale))]));
    expect(shown).toEqual(byPolicy.largest_remainder);
  });
});

const NUMBERS = z.record(z.string(), z.string());
const CONVERSIONS = casesOf(FILE, 'formulas', NUMBERS, NUMBERS, ['F01']);

describe.skipIf(CONVERSIONS.length === 0)('lines of a contract, each at its own rates', () => {
  test.each(CONVERSIONS)('%s', (_id, input, expected) => {
    const rate = (name: string) => ({ rate: new Decimal(input[name] ?? ''), inverse: false });
    const added = (...rates: readonly string[]) =>
      sum(
        ['1', '2', '3', '4'].map((line) =>
          convert(
            new Decimal(input[`a${line}`] ?? ''),
            rates.map((name) => rate(`${name}${line}`)),
            'USD',
          ),
        ),
      ).toFixed(2);
    expect(added('f')).toBe(expected['lineFunctional']);
    expect(added('f', 'g')).toBe(expected['lineReporting']);
  });
});

import { describe, expect, test } from 'vitest';

import { convert } from '../../../src/domain/money/convert.ts';
import { Decimal } from '../../../src/domain/money/decimal.ts';

describe('convert', () => {
  test.each([
    ['1000', [['1.1', false]], 'USD', '1100'],
    ['0.035', [['7', true]], 'USD', '0.01'],
    ['-0.035', [['7', true]], 'USD', '-0.01'],
    [
      '10.01',
      [
        ['161.37', false],
        ['0.0021', false],
      ],
      'KWD',
      '3.392',
    ],
    [
      '1',
      [
        ['3', true],
        ['3', false],
      ],
      'USD',
      '1',
    ],
  ] as const)('%s by %j is %s %s', (amount, rates, currency, expected) => {
    const told = rates.map(([rate, inverse]) => ({ rate: new Decimal(rate), inverse }));
    expect(convert(new Decimal(amount), told, currency).toString()).toBe(expected);
  });
});

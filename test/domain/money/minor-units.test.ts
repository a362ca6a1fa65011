import { describe, expect, test } from 'vitest';

import { decimalsOf } from '../../../src/domain/money/minor-units.ts';

describe('decimalsOf', () => {
  test.each([
    ['USD', 2],
    ['HUF', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['XOF', 0],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['UYW', 4],
    ['ZZZ', 2],
    [null, 2],
  ])('%s has %i (ISO 4217)', (currency, decimals) => {
    expect(decimalsOf(currency)).toBe(decimals);
  });
});

import { describe, expect, test } from 'vitest';

import { amountText } from '../../../src/domain/money/amount-text.ts';

describe('amountText', () => {
  test.each([
    ['100', 'USD', '100.00'],
    ['-5.5', 'EUR', '-5.50'],
    ['0', 'HUF', '0.00'],
    ['1200', 'JPY', '1200'],
    ['1200.50', 'JPY', '1200.5'],
    ['7.5', 'KWD', '7.500'],
    ['7.5', 'IQD', '7.500'],
    ['1', 'CLF', '1.0000'],
  ])('%s %s has at least the decimals of its currency: %s', (amount, currency, text) => {
    expect(amountText(amount, currency)).toBe(text);
  });

  test('rounds nothing, however many digits there are', () => {
    expect(amountText('0.123456789', 'USD')).toBe('0.123456789');
    expect(amountText('12345678901234567890.1', 'USD')).toBe('12345678901234567890.10');
  });

  test('counts in hundredths where the currency is unknown', () => {
    expect(amountText('3', null)).toBe('3.00');
    expect(amountText('3', 'not a currency')).toBe('3.00');
  });
});

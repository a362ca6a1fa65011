import { describe, expect, test } from 'vitest';

import { fitsType, inputTypeOf, isAttribute, isValueOf } from '../../../src/domain/mapping/input-values.ts';

describe('isAttribute', () => {
  test.each(['ATR1', 'ATR9', 'ATR10', 'ATR59', 'ATR60'])('%s is one', (label) => {
    expect(isAttribute(label)).toBe(true);
  });
  test.each(['ATR0', 'ATR61', 'ATR100', 'atr1', 'ATR', 'Business Unit'])('%s is none', (label) => {
    expect(isAttribute(label)).toBe(false);
  });
});

describe('fitsType', () => {
  test('numbers, days and text stay apart; of custom fields only Billing knows', () => {
    expect(fitsType('decimal', 'Number')).toBe(true);
    expect(fitsType('datetime', 'Date')).toBe(true);
    expect(fitsType('custom', 'Number')).toBe(true);
    expect(fitsType('text', 'Number')).toBe(false);
    expect(fitsType('decimal', 'Character')).toBe(false);
    expect(fitsType('boolean', 'Character')).toBe(false);
  });
});

describe('inputTypeOf', () => {
  test.each([
    ['integer', 'Number'],
    ['date', 'Date'],
    ['boolean', 'Character'],
    ['custom', 'Character'],
  ] as const)('%s is a %s', (source, type) => expect(inputTypeOf(source)).toBe(type));
});

describe('isValueOf', () => {
  test.each([
    ['Number', '12.50'],
    ['Number', '-0.000000000000000001'],
    ['Date', '2024-02-29'],
    ['Character', 'x'],
  ] as const)('%s takes %s', (type, value) => expect(isValueOf(type, value)).toBe(true));
  test.each([
    ['Number', '1,5'],
    ['Number', '1e3'],
    ['Number', 'NaN'],
    ['Number', ''],
    ['Date', '2023-02-29'],
    ['Date', '0000-01-01'],
    ['Date', 'today'],
    ['Date', '2024-1-1'],
    ['Character', ''],
  ] as const)('%s does not take %j', (type, value) => expect(isValueOf(type, value)).toBe(false));
});

import { expect, test } from 'vitest';

import {
  counted,
  headingOf,
  inEntities,
  instantWords,
  moneyText,
  stakeText,
  sumsText,
} from '../../../src/domain/readiness/words.ts';

test.each([
  ['1234567.5', 'USD', '1,234,567.50 USD'],
  ['-999', 'USD', '-999.00 USD'],
  ['-1000', 'USD', '-1,000.00 USD'],
  ['1234', 'JPY', '1,234 JPY'],
  ['12', null, '12.00'],
  [null, 'USD', ''],
])('%s %s reads %j', (amount, currency, text) => {
  expect(moneyText(amount, currency)).toBe(text);
});

test('sums stand beside each other', () => {
  const sums = [
    { currency: 'EUR', amount: '-1', gross: '1' },
    { currency: 'USD', amount: '2000', gross: '2000' },
  ];
  expect(sumsText(sums)).toBe('-1.00 EUR, 2,000.00 USD');
});

test('a sum of amounts of both signs has what is in it without signs beside it', () => {
  const sums = [
    { currency: 'EUR', amount: '-1', gross: '5' },
    { currency: 'USD', amount: '0', gross: '2000' },
  ];
  expect(sumsText(sums)).toBe('-1.00 EUR (5.00 EUR without signs), 0.00 USD (2,000.00 USD without signs)');
  expect(stakeText({ weight: 'stops', sums })).toBe('5.00 EUR, 2,000.00 USD');
  expect(stakeText({ weight: 'reports', sums })).toBe(sumsText(sums));
});

test('a count says in how many entities, but for none', () => {
  expect([inEntities('0', '0'), inEntities('1', '1'), inEntities('2', '3')]).toEqual([
    '0',
    '1 in 1 entity',
    '2 in 3 entities',
  ]);
});

test('a heading over a list is told apart by the name of the rule', () => {
  const rule = { id: 'overlapping-discounts', heading: 'Discount charges' };
  expect(headingOf({ ...rule, point: 4 })).toBe('Discount charges: overlapping discounts');
  expect(headingOf({ ...rule, point: null })).toBe('Discount charges');
});

test('one is one, and an instant has its zone', () => {
  expect([counted('1', 'setting'), counted('2', 'setting')]).toEqual(['1 setting', '2 settings']);
  expect(instantWords('2024-02-15T09:30:00.000000Z')).toBe('2024-02-15 09:30 UTC');
});

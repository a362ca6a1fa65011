import { describe, expect, test } from 'vitest';

import { findRuleField, placeholdersOf } from '../../../src/domain/validation/scopes.ts';

describe('findRuleField', () => {
  test.each([
    ['Ext Sell Price', { scope: null, label: 'Ext Sell Price', type: 'Number' }],
    ['ATR7', { scope: null, label: 'ATR7', type: 'Character' }],
    ['Unsigned Sell Price', { scope: null, label: 'Unsigned Sell Price', type: 'Number' }],
    ['Booking.SO Book Date', { scope: 'Booking', label: 'SO Book Date', type: 'Date' }],
    ['Invoice.Unsigned Sell Price', { scope: 'Invoice', label: 'Unsigned Sell Price', type: 'Number' }],
    ['Credited.Left', { scope: 'Credited', label: 'Left', type: 'Number' }],
    ['Before.Ext Sell Price', { scope: 'Before', label: 'Ext Sell Price', type: 'Number' }],
  ])('finds %s', (name, field) => {
    expect(findRuleField(name)).toEqual(field);
  });

  test.each([
    'Price',
    'Booking.Price',
    'Order.Ext Sell Price',
    'Before.SO Book Date',
    'toString',
    'constructor.name',
  ])('finds no %s', (name) => {
    expect(findRuleField(name)).toBeUndefined();
  });
});

describe('placeholdersOf', () => {
  test('names the labels in braces', () => {
    expect(placeholdersOf('{Ext Sell Price} of {Booking.SO Line Id}, {} and }{')).toEqual([
      'Ext Sell Price',
      'Booking.SO Line Id',
    ]);
  });
});

import { describe, expect, test } from 'vitest';

import { findStagingField } from '../../../src/domain/mapping/staging-fields.ts';
import { invariant } from '../../../src/domain/errors.ts';
import { fieldText } from '../../../src/store/lines/field-text.ts';

const text = (label: string, value: string | null, currency: string | null) => {
  const field = findStagingField(label);
  invariant(field !== undefined, `no field ${label}`);
  const line = new Map([
    ['transaction_currency', currency],
    ['functional_currency', 'JPY'],
    ['reporting_currency', 'KWD'],
    [field.column, value],
  ]);
  return fieldText(field, (column) => line.get(column));
};

describe('the text of a field', () => {
  test.each([
    ['Ext Sell Price', '100', 'USD', '100.00'],
    ['Ext List Price', '100', 'JPY', '100'],
    ['Ext Sell Price', '0.125', null, '0.125'],
    ['Functional Ext Sell Price', '15000', 'USD', '15000'],
    ['Reporting Ext Sell Price', '30.5', 'USD', '30.500'],
    ['Ordered Qty', '2', 'USD', '2'],
    ['ATR1', '2', 'USD', '2'],
    ['Ext Sell Price', null, 'USD', null],
  ])('%s %s in %s is %s', (label, value, currency, expected) => {
    expect(text(label, value, currency)).toBe(expected);
  });
});

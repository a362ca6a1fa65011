import { describe, expect, test } from 'vitest';

import { findStagingField } from '../../../src/domain/mapping/staging-fields.ts';
import { invariant } from '../../../src/domain/errors.ts';
import { fieldText } from '../../../src/store/lines/field-text.ts';

const text = (label: string, value: string | null, currency: string | null) => {
  const field = findStagingField(label);
  invariant(field !== undefined, `no field ${label}`);
  return fieldText(field, value, currency);
};

describe('the text of a field', () => {
  test.each([
    ['Ext Sell Price', '100', 'USD', '100.00'],
    ['Ext List Price', '100', 'JPY', '100'],
    ['Ext Sell Price', '0.125', null, '0.125'],
    ['Ordered Qty', '2', 'USD', '2'],
    ['ATR1', '2', 'USD', '2'],
    ['Ext Sell Price', null, 'USD', null],
  ])('%s %s in %s is %s', (label, value, currency, expected) => {
    expect(text(label, value, currency)).toBe(expected);
  });
});

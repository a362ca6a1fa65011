import { describe, expect, test } from 'vitest';

import { STAGING_FIELDS } from '../../../src/domain/mapping/staging-fields.ts';
import { unlikeFields } from '../../../src/domain/mapping/unlike-fields.ts';
import { invoiceRows, invoiceTemplate, orderTemplate } from '../../support/templates.ts';

describe('unlikeFields', () => {
  const plain = invoiceTemplate();

  test('a template fills everything as it does itself, whatever its name and version', () => {
    expect(unlikeFields(plain, invoiceTemplate({ name: 'Another', entity: 'EU' }))).toEqual([]);
  });

  test.each([
    ['a row', { rows: invoiceRows({ from: 'Account.Region__c', to: 'ATR1', type: 'Character' }) }],
    ['a constant', { constants: [{ to: 'ATR1', type: 'Character', value: 'x' }] }],
    ['a default', { defaults: [{ to: 'ATR1', type: 'Character', value: 'x' }] }],
  ] as const)('names what %s fills in one of them only', (_what, change) => {
    expect(unlikeFields(plain, invoiceTemplate(change))).toEqual(['ATR1']);
    expect(unlikeFields(invoiceTemplate(change), plain)).toEqual(['ATR1']);
  });

  test('names an owner that is another one by policy', () => {
    const { policies } = plain;
    const original = invoiceTemplate({ policies: { ...policies, invoiceOwner: 'original' } });
    expect(unlikeFields(plain, original)).toEqual(['Invoice Owner']);
  });

  test('names every field where the transformation itself differs', () => {
    const order = orderTemplate();
    const ccv = orderTemplate({ policies: { ...order.policies, evergreen: 'ccv' } });
    expect(unlikeFields(order, ccv)).toHaveLength(STAGING_FIELDS.length);
  });
});

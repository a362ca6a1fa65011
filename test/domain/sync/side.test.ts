import { describe, expect, test } from 'vitest';

import { customObjectsOf, customTable, sideKind } from '../../../src/domain/sync/side.ts';

describe('what a run reads beside its export', () => {
  test.each([
    ['prices', 'prices'],
    ['deletes', 'deletes'],
    ['keys', 'keys'],
    ['custom:default__project__c', 'custom'],
  ])('is known by its name: %s', (side, kind) => {
    expect(sideKind(side)).toBe(kind);
  });

  test('names the table of a custom object', () => {
    expect(customTable('custom:default__project__c')).toBe('default__project__c');
  });

  test('finds the custom objects that templates map, each once', () => {
    expect(
      customObjectsOf([
        'InvoiceItem.ChargeAmount',
        'InvoiceItem.Region__c',
        'Subscription.default__Project__c.Code__c',
        'default__project__c.Owner__c',
        'default__asset__c.Name',
      ]),
    ).toEqual(['default__asset__c', 'default__project__c']);
  });
});

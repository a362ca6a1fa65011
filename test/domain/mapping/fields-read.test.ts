import { describe, expect, test } from 'vitest';

import { fieldsRead } from '../../../src/domain/mapping/fields-read.ts';
import { INVOICE_ITEM_TEMPLATE } from '../../../src/domain/mapping/seeded/invoice-item.ts';
import type { BriefTemplate } from '../../../src/domain/mapping/transaction-template.ts';
import { invoiceTemplate } from '../../support/templates.ts';

const read = (from: string, change: Partial<BriefTemplate> = {}): string[] =>
  fieldsRead(invoiceTemplate({ rows: [{ from, to: 'ATR1', type: 'Character' }], ...change })).map(
    ({ object, field }) => `${object}.${field}`,
  );

describe('the fields that a template reads', () => {
  test('are what its rows name, by the object that has them', () => {
    expect(read('Subscription.InvoiceOwner.Name')).toEqual(['Account.Name']);
    expect(fieldsRead(invoiceTemplate())).toHaveLength(INVOICE_ITEM_TEMPLATE.rows.length);
  });

  test('are also what its filter compares', () => {
    const filter = "Account.Currency = 'EUR' and not Invoice.Status in ('Draft')";
    expect(read('Account.Name', { filter })).toEqual(['Account.Name', 'Account.Currency', 'Invoice.Status']);
  });

  test('include the custom field that leads to a custom object', () => {
    expect(read('Subscription.Account.Project__c.default__project__c.Region__c')).toEqual([
      'Account.Project__c',
      'default__project__c.Region__c',
    ]);
  });

  test('leave out what leads nowhere', () => {
    expect(read('Account.Nothing', { filter: 'Account.Nothing = 1' })).toEqual([]);
    expect(read('Account.Name', { filter: 'is no filter' })).toEqual(['Account.Name']);
  });
});

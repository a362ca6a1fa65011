import { describe, expect, test } from 'vitest';

import { headerTarget } from '../../../src/billing/aqua/header.ts';
import { CATALOGUE, objectOf } from '../../../src/domain/catalogue/catalogue.ts';

describe('a header cell', () => {
  test.each([
    ['InvoiceItem', 'Id', 'Id'],
    ['InvoiceItem', 'InvoiceItem.Id', 'Id'],
    ['InvoiceItem', 'invoiceitem.ID', 'Id'],
    ['InvoiceItem', '"InvoiceItem.Id"', 'Id'],
    ['InvoiceItem', '\uFEFFId', 'Id'],
    ['InvoiceItem', 'Invoice Item: ID', 'Id'],
    ['InvoiceItem', 'Invoice Item: Charge Amount', 'ChargeAmount'],
    ['InvoiceItem', 'InvoiceItem.ChargeAmount', 'ChargeAmount'],
    ['InvoiceItem', 'Invoice.Id', 'InvoiceId'],
    ['InvoiceItem', 'Invoice: ID', 'InvoiceId'],
    ['InvoiceItem', 'InvoiceItem.Invoice.Id', 'InvoiceId'],
    ['Subscription', 'Account.Id', 'AccountId'],
    ['Subscription', 'AccountId', 'AccountId'],
    ['Subscription', 'Subscription.accountid', 'AccountId'],
    ['Account', 'Account.Id', 'Id'],
    ['Account', 'Account: ID', 'Id'],
    ['Account', 'BillToContact.Id', 'BillToContactId'],
    ['Account', 'BillToId', 'BillToId'],
  ])('of %s, %j, is the field %s', (object, cell, field) => {
    expect(headerTarget(objectOf(object), cell)).toEqual({ kind: 'field', field });
  });

  test.each([
    ['InvoiceItem', 'Region__c', 'Region__c'],
    ['InvoiceItem', 'InvoiceItem.Region__c', 'Region__c'],
  ])('of %s, %j, is the custom field %s', (object, cell, field) => {
    expect(headerTarget(objectOf(object), cell)).toEqual({ kind: 'custom', field });
  });

  test.each(['Deleted', 'InvoiceItem.Deleted', 'Invoice Item: deleted'])(
    '%j is the deleted column',
    (cell) => {
      expect(headerTarget(objectOf('InvoiceItem'), cell, 'Deleted')).toEqual({ kind: 'deleted' });
    },
  );

  test.each(['Deleted', 'NoSuchField', 'Account.Region__c', 'Account.Name', 'Contact.Id', ''])(
    '%j means nothing to an invoice item when nobody asked for it',
    (cell) => expect(headerTarget(objectOf('InvoiceItem'), cell)).toBeNull(),
  );

  test.each(CATALOGUE)('of $name is told for every field and parent, with prefix and without', (object) => {
    for (const field of Object.keys(object.fields)) {
      expect(headerTarget(object, field)).toEqual({ kind: 'field', field });
      expect(headerTarget(object, `${object.name}.${field}`)).toEqual({ kind: 'field', field });
    }
    for (const [path, { field }] of Object.entries(object.relations)) {
      expect(headerTarget(object, `${path}.Id`)).toEqual({ kind: 'field', field });
    }
  });
});

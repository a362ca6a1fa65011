import { describe, expect, test } from 'vitest';

import { checkMapping, withoutRows } from '../../../src/domain/enablement/check-mapping.ts';

const counts = { filled: '1', rows: '1' };
const SEEN = [
  { object: 'RatePlanCharge', field: 'Region__c', ...counts },
  { object: 'Account', field: 'Sector__c', ...counts },
  { object: 'default__project__c', field: 'region__c', ...counts },
];

const one = (from: string, to = 'ATR1') => checkMapping([{ from, to }], SEEN);

describe('checkMapping', () => {
  test.each([
    ['a custom field', 'RatePlanCharge.Region__c'],
    ['a field of an item, which one type alone reads', 'InvoiceItemAdjustment.ReasonCode'],
    ['a field of a contact', 'InvoiceItem.BillToContact.City'],
    ['a field of a contact of a memo', 'CreditMemo.SoldToContact.LastName'],
    ['a field of a custom object, in any case', 'Account.Project__c.default__project__c.Region__c'],
    ['the id of a custom object', 'Account.Project__c.default__project__c.Id'],
    ['a field that no row has, unlike any that rows have', 'Account.Warehouse__c'],
  ])('takes %s', (_what, from) => {
    expect(one(from)).toEqual({ mistakes: [], usable: [{ from, to: 'ATR1' }] });
  });

  test.each([
    [
      'an unknown object',
      'RatePlanCharg.Region__c',
      'There is no object RatePlanCharg.',
      'RatePlanCharge.Region__c',
    ],
    [
      'an unknown field',
      'InvoiceItem.ChargAmount',
      'InvoiceItem has no field ChargAmount.',
      'InvoiceItem.ChargeAmount',
    ],
    [
      'a custom field with a slip',
      'RatePlanCharge.Regon__c',
      'no custom field Regon__c in any row',
      'RatePlanCharge.Region__c',
    ],
    ['a field without its object', 'Region__c', 'it has to be Object.Field', 'RatePlanCharge.Region__c'],
    [
      'a contact by a slip',
      'InvoiceItem.BillToContakt.City',
      'No relation leads from InvoiceItem to BillToContakt',
      'InvoiceItem.BillToContact.City',
    ],
  ])('refuses %s, and names the nearest', (_what, from, message, meant) => {
    const { mistakes, usable } = one(from);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain(message);
    expect(mistakes[0]).toContain(`Did you mean ${meant}?`);
    expect(usable).toEqual([{ from: meant, to: 'ATR1' }]);
  });

  test.each([
    ['taxes', 'InvoiceItem.TaxAmount', 'tax is not extracted'],
    ['what no template may use', 'CreditBalanceAdjustment.Amount', 'cannot be used in any template'],
    ['what is no path', 'Region of the charge', 'it has to be Object.Field'],
  ])('refuses %s, and puts nothing in its place', (_what, from, message) => {
    const { mistakes, usable } = one(from);
    expect(mistakes).toEqual([expect.stringContaining(message)]);
    expect(usable).toEqual([]);
  });

  test('tells all mistakes at once, with a mapping that would do', () => {
    const { mistakes, usable } = checkMapping(
      [
        { from: 'RatePlanCharge.Region__c', to: 'ATR1' },
        { from: 'Account.Sector__c', to: 'ATR1' },
        { from: 'RatePlanCharge.Region__c', to: 'ATR3' },
        { from: 'InvoiceItem.TaxAmount', to: 'ATR4' },
        { from: 'Account.Name', to: 'ATR61' },
      ],
      SEEN,
    );
    expect(mistakes).toEqual([
      'Account.Sector__c cannot go to ATR1: another field goes there. ATR2 is free.',
      'RatePlanCharge.Region__c is mapped twice. Keep one of the two.',
      expect.stringContaining('InvoiceItem.TaxAmount'),
      'Account.Name cannot go to ATR61: the pre-configured templates fill it. ATR2 is free.',
    ]);
    expect(usable).toEqual([
      { from: 'RatePlanCharge.Region__c', to: 'ATR1' },
      { from: 'Account.Sector__c', to: 'ATR2' },
      { from: 'Account.Name', to: 'ATR3' },
    ]);
    expect(checkMapping(usable, SEEN).mistakes).toEqual([]);
  });
});

test('withoutRows names the mapped custom fields that no row has', () => {
  const from = [
    'Account.Warehouse__c',
    'Account.Sector__c',
    'Account.Name',
    'InvoiceItem.BillToContact.City',
  ];
  const mapping = from.map((each, at) => ({ from: each, to: `ATR${at + 1}` }));
  expect(withoutRows(mapping, SEEN)).toEqual([{ from: 'Account.Warehouse__c', to: 'ATR1' }]);
});

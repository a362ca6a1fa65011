import { describe, expect, test } from 'vitest';

import { resolvePath } from '../../../src/domain/mapping/resolve-path.ts';
import { ROUTES } from '../../../src/domain/mapping/routes.ts';
import { SEEDED_TEMPLATES } from '../../../src/domain/mapping/seeded/seeded-templates.ts';

describe('resolvePath', () => {
  test.each([
    ['INV', 'InvoiceItem.ChargeAmount', 'InvoiceItem', 'decimal'],
    ['INV', 'Subscription.Account.Name', 'Account', 'text'],
    ['INV', 'InvoiceItem.BillToContact.FirstName', 'Contact', 'text'],
    ['SO', 'RatePlanCharge.SoldToContactSnapshot.City', 'ContactSnapshot', 'text'],
    ['SO', 'Amendment.Type', 'Amendment', 'text'],
    ['IIA', 'InvoiceItemAdjustment.SoldToContact.LastName', 'Contact', 'text'],
    ['CM', 'CreditMemo.BillToContact.FirstName', 'Contact', 'text'],
    ['DM', 'DebitMemo.SoldToContact.FirstName', 'Contact', 'text'],
    ['CM', 'CreditMemoItem.AmountWithoutTax', 'CreditMemoItem', 'decimal'],
    ['INV', 'ProductRatePlanCharge.ContractAssetAccountingCode.Name', 'AccountingCode', 'text'],
    ['INV', 'Entity.HomeCurrency', 'Entity', 'text'],
    ['INV', 'RatePlanCharge.Region__c', 'RatePlanCharge', 'custom'],
    ['INV', 'InvoiceItem.BillToContact.TaxRegion', 'Contact', 'text'],
    ['INV', 'Account.Project__c.default__project__c.Region__c', 'default__project__c', 'custom'],
  ] as const)('follows of %s %s', (template, from, object, type) => {
    const field = from.slice(from.lastIndexOf('.') + 1);
    expect(resolvePath(ROUTES[template], from)).toEqual({ source: { object, field, type } });
  });

  test('follows every row of the pre-configured templates', () => {
    for (const { type, rows } of SEEDED_TEMPLATES) {
      for (const { from } of rows) expect(resolvePath(ROUTES[type], from)).toHaveProperty('source');
    }
  });

  test.each([
    ['INV', 'InvoiceItem.ChargAmount', 'no field ChargAmount', 'InvoiceItem.ChargeAmount?'],
    ['INV', 'InvoiceItem.InvoiceNumber', 'no field InvoiceNumber', 'Invoice.InvoiceNumber?'],
    ['INV', 'Subscripton.Name', 'no object Subscripton', 'Subscription.Name?'],
    ['INV', 'Subscription.Acount.Name', 'from Subscription to Acount', 'Subscription.Account?'],
    ['INV', 'Ramp.Id', 'from InvoiceItem to Ramp', 'Subscription.Ramp.Id?'],
    ['SO', 'Invoice.InvoiceNumber', 'from RatePlanCharge to Invoice', 'template fields'],
    ['INV', 'Entity.Displayname', 'no field Displayname', 'Entity.DisplayName?'],
    ['INV', 'Entity.Parent.Name', 'no field Name', 'Entity.DisplayName'],
    ['INV', 'Account.Project__c.project.Name', 'project is none', 'default__project__c'],
    ['INV', 'InvoiceItem.TaxAmount', 'tax field', 'without tax'],
    ['INV', 'Account.TaxExemptStatus', 'tax field', 'without tax'],
    ['INV', 'TaxationItem.TaxAmount', 'tax object', 'Leave'],
  ] as const)('%s of %s leads nowhere, and says what may be meant', (template, from, says, meant) => {
    const resolved = resolvePath(ROUTES[template], from);
    expect(resolved).toMatchObject({
      deadEnd: { message: expect.stringContaining(says), suggestion: expect.stringContaining(meant) },
    });
  });

  test.each([
    'CreditBalanceAdjustment.Amount',
    'RatePlanChargeTier.Price',
    'Order.OrderNumber',
    'OrderAction.Type',
    'ExchangeRate.Rate',
    'RampInterval.Name',
    'RampSubscriptionLink.Id',
    'Subscription.Order.OrderNumber',
    'RatePlan.Order.Account.Name',
  ])('%s is of an object that no template may use', (from) => {
    expect(resolvePath(ROUTES.SO, from)).toMatchObject({
      deadEnd: { message: expect.stringContaining('cannot be used in any template') },
    });
  });
});

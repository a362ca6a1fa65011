import { describe, expect, test } from 'vitest';

import { CATALOGUE } from '../../../src/domain/catalogue/catalogue.ts';
import { isTaxField, isTaxObject } from '../../../src/domain/catalogue/tax-field.ts';
import { driverAmount } from '../../../src/domain/catalogue/driver-amount.ts';

describe('isTaxField', () => {
  test('finds what is said of tax, but for the region of a contact', () => {
    const found = CATALOGUE.flatMap(({ name, fields }) =>
      Object.keys(fields)
        .filter((field) => isTaxField(name, field))
        .map((field) => `${name}.${field}`),
    );
    expect(found.toSorted()).toEqual([
      'Account.TaxCompanyCode',
      'Account.TaxExemptCertificateId',
      'Account.TaxExemptCertificateType',
      'Account.TaxExemptDescription',
      'Account.TaxExemptEffectiveDate',
      'Account.TaxExemptEntityUseCode',
      'Account.TaxExemptExpirationDate',
      'Account.TaxExemptIssuingJurisdiction',
      'Account.TaxExemptStatus',
      'CreditMemo.TaxAmount',
      'CreditMemo.TotalTaxExemptAmount',
      'CreditMemoItem.TaxAmount',
      'CreditMemoItem.TaxMode',
      'DebitMemo.TaxAmount',
      'DebitMemo.TotalTaxExemptAmount',
      'DebitMemoItem.TaxAmount',
      'DebitMemoItem.TaxMode',
      'Invoice.TaxAmount',
      'Invoice.TaxExemptAmount',
      'Invoice.TaxMessage',
      'Invoice.TaxStatus',
      'InvoiceItem.TaxAmount',
      'InvoiceItem.TaxCode',
      'InvoiceItem.TaxExemptAmount',
      'InvoiceItem.TaxMode',
      'ProductRatePlanCharge.TaxCode',
      'ProductRatePlanCharge.TaxMode',
      'ProductRatePlanCharge.Taxable',
    ]);
  });

  test('leaves a tenant’s own fields alone', () => {
    expect(isTaxField('Account', 'TaxClass__c')).toBe(false);
  });

  test('finds no object that holds nothing but tax in the catalogue', () => {
    expect(CATALOGUE.filter(({ name }) => isTaxObject(name))).toEqual([]);
    expect(isTaxObject('CreditTaxationItem')).toBe(true);
  });

  test('leaves every amount that lines are made of', () => {
    for (const { name } of CATALOGUE) {
      const amount = driverAmount(name);
      if (amount !== undefined) expect(isTaxField(name, amount)).toBe(false);
    }
  });
});

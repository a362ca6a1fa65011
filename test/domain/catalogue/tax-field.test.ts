import { describe, expect, test } from 'vitest';

import { CATALOGUE } from '../../../src/domain/catalogue/catalogue.ts';
import { isTaxField } from '../../../src/domain/catalogue/tax-field.ts';
import { driverAmount } from '../../../src/domain/catalogue/driver-amount.ts';

describe('isTaxField', () => {
  test('finds the tax on billing documents, and nothing else', () => {
    const found = CATALOGUE.flatMap(({ name, fields }) =>
      Object.keys(fields)
        .filter((field) => isTaxField(name, field))
        .map((field) => `${name}.${field}`),
    );
    expect(found.toSorted()).toEqual([
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
    ]);
  });

  test('leaves every amount that lines are made of', () => {
    for (const { name } of CATALOGUE) {
      const amount = driverAmount(name);
      if (amount !== undefined) expect(isTaxField(name, amount)).toBe(false);
    }
  });
});

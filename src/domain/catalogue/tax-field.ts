const BILLING_DOCUMENT = /^(Invoice|CreditMemo|DebitMemo)/;

/**
 * Whether the field says something of the tax on a billing document: such fields are not extracted (invoice item data
 * mapping). Amounts without tax are no tax fields.
 */
export const isTaxField = (object: string, field: string): boolean =>
  BILLING_DOCUMENT.test(object) && field.replaceAll('WithoutTax', '').includes('Tax');

/** Their fields can all be mapped (invoice item data mapping), what a contact says of its tax region too. */
const CONTACT = /^Contact(Snapshot)?$/;

/**
 * Whether a field says something of tax: such fields are not extracted, so nothing can be mapped from them. Amounts
 * without tax are no tax fields; what a tenant's own fields say is the tenant's matter.
 */
export function isTaxField(object: string, field: string): boolean {
  if (CONTACT.test(object) || field.endsWith('__c')) return false;
  return field.replaceAll('WithoutTax', '').includes('Tax');
}

/** Objects that hold tax and nothing else, none of which is extracted: TaxationItem, CreditTaxationItem, DebitTaxationItem. */
export const isTaxObject = (object: string): boolean => /Taxation/i.test(object);

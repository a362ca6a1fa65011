/** Objects whose fields may not appear in any template (domain.md 1.1). */
const UNMAPPABLE: ReadonlySet<string> = new Set([
  'CreditBalanceAdjustment',
  'RatePlanChargeTier',
  'Order',
  'OrderAction',
  'ExchangeRate',
  'RampInterval',
  'RampSubscriptionLink',
]);

export const isUnmappable = (object: string): boolean => UNMAPPABLE.has(object);

/** Contacts: their fields go to ATR1-ATR60 only (invoice item data mapping). */
export const isContact = (object: string): boolean => object === 'Contact' || object === 'ContactSnapshot';

/** Objects that hold tax and nothing else: TaxationItem, CreditTaxationItem, DebitTaxationItem. */
export const isTaxObject = (object: string): boolean => /Taxation/i.test(object);

/**
 * Whether a standard field is about tax, which is not extracted. Amounts without tax are not; neither is what a
 * contact says of its tax region, since all fields of contacts can be mapped.
 */
export function isTaxField(object: string, field: string): boolean {
  if (isContact(object) || field.endsWith('__c')) return false;
  return /Tax/.test(field.replaceAll('WithoutTax', ''));
}

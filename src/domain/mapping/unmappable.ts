import type { LimitationId } from '../limitations.ts';

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

const LIMITATIONS = new Map<string, LimitationId>([['CreditBalanceAdjustment', 'credit-balance-adjustment']]);

/** The known limitation that keeps an object out of templates; undefined where none does. */
export const limitationOn = (object: string): LimitationId | undefined => LIMITATIONS.get(object);

/** Contacts: their fields go to ATR1-ATR60 only (invoice item data mapping). */
export const isContact = (object: string): boolean => object === 'Contact' || object === 'ContactSnapshot';

/** Every known limitation, in the order of seeds/known-limitations.txt. */
export const LIMITATION_IDS = [
  'change-plan-order-action',
  'same-version-recollection',
  'evergreen-conversion',
  'remove-product-in-billed-period',
  'quantity-upsell-stays-in-contract',
  'invoice-before-booking',
  'undated-pending-charges',
  'usage-booking-based',
  'overage-smoothing',
  'account-level-discount',
  'fixed-discount-booking-based',
  'fixed-discount-proration',
  'discount-dates-follow-recurring',
  'overlapping-discounts',
  'standalone-billing-transactions',
  'negative-one-time-charge',
  'prepayment-charge',
  'custom-field-update',
  'credit-balance-adjustment',
  'invoice-past-end-of-term',
  'variable-consideration-formula',
  'mass-actions',
  'event-by-amount',
  'material-rights',
] as const;

export type LimitationId = (typeof LIMITATION_IDS)[number];

/**
 * The kinds of charges that obligations go by where nothing else assigns them:
 *
 * - `recurring`, `oneTime`, `usage`: by charge type; evergreen subscriptions booked at their contract value recur;
 * - `evergreen`: what recurs on an evergreen subscription that its invoices drive;
 * - `fixedDiscount`: a discount of an amount (a percentage belongs to the charge it discounts);
 * - `standalone`: a booking made for a billing without one, but for a discount of an amount.
 */
export const CHARGE_KINDS = [
  'recurring',
  'oneTime',
  'usage',
  'evergreen',
  'fixedDiscount',
  'standalone',
] as const;

export type ChargeKind = (typeof CHARGE_KINDS)[number];

/** Kinds that events release no amounts of (known limitations, "Event processing"). */
export const RECURRING_KINDS: readonly ChargeKind[] = ['recurring', 'evergreen'];

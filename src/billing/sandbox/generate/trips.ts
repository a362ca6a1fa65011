import { type LimitationId } from '../../../domain/limitations.ts';

/** Known limitations that a generated tenant can be asked to run into: those that leave something in Billing. */
export const TRIPS = [
  'change-plan-order-action',
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
  'credit-balance-adjustment',
  'invoice-past-end-of-term',
] as const satisfies readonly LimitationId[];

export type Trip = (typeof TRIPS)[number];

/** Why no generated tenant runs into the others. */
export const NO_TRIP = {
  'same-version-recollection': 'shows only when a row changes after a sync: send it to /__sandbox/changes',
  'custom-field-update': 'shows only when a row changes after a sync: send it to /__sandbox/changes',
  'variable-consideration-formula':
    'is about requests inside revenue accounting and leaves nothing in Billing',
  'mass-actions': 'is about requests inside revenue accounting and leaves nothing in Billing',
  'event-by-amount': 'is about requests inside revenue accounting and leaves nothing in Billing',
  'material-rights': 'is about requests inside revenue accounting and leaves nothing in Billing',
} as const satisfies Record<Exclude<LimitationId, Trip>, string>;

export function isTrip<Name extends string>(name: Name): name is Name & Trip {
  return TRIPS.some((trip) => trip === name);
}

/** Of a list of trips, what is wrong with it; null when nothing is. */
export function tripMistake(names: readonly string[]): string | null {
  const mistakes = names
    .filter((name) => !isTrip(name))
    .map((name) => {
      const why = new Map<string, string>(Object.entries(NO_TRIP)).get(name);
      return why === undefined ? `knows no limitation '${name}'` : `cannot be ${name}, which ${why}`;
    });
  return mistakes.length === 0 ? null : `${mistakes.join(' and ')}; must be of ${TRIPS.join(', ')}`;
}

/** One in so many accounts shows a limitation. */
const EVERY = 20;
/** Tenants that run into these are recorded: they stay in the first account of each twenty, whatever else is asked for. */
const IN_FIRST: readonly Trip[] = [
  'undated-pending-charges',
  'prepayment-charge',
  'invoice-before-booking',
  'credit-balance-adjustment',
];
/** As many of the others fit into an account. */
const PER_ACCOUNT = 4;

/** The limitations that the account of that index shows. */
export function tripsOf(trips: readonly Trip[], index: number): readonly Trip[] {
  const others = trips.filter((trip) => !IN_FIRST.includes(trip));
  return trips.filter((trip) => {
    const place = others.indexOf(trip);
    return index % EVERY === (place < 0 ? 0 : Math.floor(place / PER_ACCOUNT));
  });
}

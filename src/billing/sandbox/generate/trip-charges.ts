import { type ProductCharge, CALLS, FLAT, LOYALTY, ONBOARDING } from './product-catalogue.ts';
import { type Trip } from './trips.ts';

/** A charge that is in the catalogue only of tenants that are asked to run into one of its limitations. */
interface TripCharge {
  readonly charge: ProductCharge;
  readonly trips: readonly Trip[];
}

export const PREPAID: ProductCharge = {
  ...FLAT,
  key: 'prepaid',
  product: 'prepaid',
  plan: 'Prepaid credits',
  name: 'Prepaid credits',
  months: 1,
  priceMonths: 1,
  price: 20_000,
  prepaid: true,
};
/** Bills what is used above an allowance that spreads over several periods. */
export const SMOOTHED: ProductCharge = {
  ...CALLS,
  key: 'smoothed',
  plan: 'API calls, smoothed',
  name: 'API calls above allowance, smoothed',
  model: 'Overage Smoothing Pricing',
};
/** Reaches over all subscriptions of the account. */
export const GOODWILL: ProductCharge = {
  ...LOYALTY,
  key: 'goodwill',
  plan: 'Account discount',
  name: 'Account discount',
  price: 5,
  level: 'account',
};
/** Priced below zero: each period takes the amount off, a part period its share. */
export const COUPON: ProductCharge = {
  ...FLAT,
  key: 'coupon',
  product: 'promotions',
  plan: 'Coupon',
  name: 'Coupon, ten off each month',
  model: 'Discount-Fixed Amount',
  months: 1,
  priceMonths: 1,
  price: -1_000,
};
export const WELCOME: ProductCharge = {
  ...LOYALTY,
  key: 'welcome',
  plan: 'Welcome discount',
  name: 'Welcome discount, first month',
  price: 25,
  lasts: 1,
};
export const VOLUME: ProductCharge = {
  ...LOYALTY,
  key: 'volume',
  plan: 'Volume discount',
  name: 'Volume discount',
  price: 15,
};
export const REBATE: ProductCharge = {
  ...ONBOARDING,
  key: 'rebate',
  product: 'promotions',
  plan: 'Switching rebate',
  name: 'Switching rebate',
  price: -20_000,
};

const TRIP_CHARGES: readonly TripCharge[] = [
  { charge: PREPAID, trips: ['prepayment-charge'] },
  { charge: SMOOTHED, trips: ['overage-smoothing'] },
  { charge: GOODWILL, trips: ['account-level-discount'] },
  { charge: COUPON, trips: ['fixed-discount-booking-based', 'fixed-discount-proration'] },
  { charge: WELCOME, trips: ['discount-dates-follow-recurring'] },
  { charge: VOLUME, trips: ['overlapping-discounts'] },
  { charge: REBATE, trips: ['negative-one-time-charge'] },
];

/** What the catalogue has for these limitations beside what every catalogue has. */
export function chargesFor(asked: readonly Trip[]): readonly ProductCharge[] {
  return TRIP_CHARGES.filter(({ trips }) => trips.some((trip) => asked.includes(trip))).map(
    ({ charge }) => charge,
  );
}

/** Known limitations that a generated tenant can be asked to run into. */
export const TRIPS = [
  'undated-pending-charges',
  'prepayment-charge',
  'invoice-before-booking',
  'credit-balance-adjustment',
] as const;

export type Trip = (typeof TRIPS)[number];

export function isTrip(name: string): name is Trip {
  return TRIPS.some((trip) => trip === name);
}

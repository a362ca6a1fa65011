import { Decimal as DecimalJs } from 'decimal.js';

/**
 * The one Decimal this project computes with.
 *
 * A clone, so that no other module's `Decimal.set()` can change our rounding:
 * decimal.js keeps precision and rounding mode as mutable global state.
 */
export const Decimal = DecimalJs.clone({ precision: 38, rounding: DecimalJs.ROUND_HALF_UP });
export type Decimal = DecimalJs;

export const ZERO = new Decimal(0);

/** The exact sum; `ZERO` for an empty list. */
export function sum(amounts: readonly Decimal[]): Decimal {
  return amounts.reduce((total, amount) => total.plus(amount), ZERO);
}

import { Decimal } from './decimal.ts';
import { decimalsOf } from './minor-units.ts';

/** A rate as it was told: amounts are multiplied by it, or divided where it is the inverse one. */
export interface Rate {
  readonly rate: Decimal;
  readonly inverse: boolean;
}

/** More digits than any amount or rate has: a quotient is rounded once, to the minor unit. */
const Exact = Decimal.clone({ precision: 80 });

/**
 * A total in another currency, reached over one rate or several (transaction to functional to reporting), rounded once
 * to the minor unit of `currency`, half away from zero (revenue.md 5.1). Parts are not converted: the converted total is
 * split (law F4, `split`).
 */
export function convert(total: Decimal, rates: readonly Rate[], currency: string): Decimal {
  const [over, under] = rates.reduce(
    ([times, by], { rate, inverse }) => (inverse ? [times, by.times(rate)] : [times.times(rate), by]),
    [new Exact(total), new Exact(1)],
  );
  return new Decimal(over.dividedBy(under).toDecimalPlaces(decimalsOf(currency), Decimal.ROUND_HALF_UP));
}

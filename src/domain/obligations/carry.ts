import { invariant } from '../errors.ts';
import { Decimal, ZERO } from '../money/decimal.ts';

/** What of a segment is released before the next one comes: a percentage, or a number of its units. */
export type Released =
  | { readonly by: 'percent'; readonly percent: Decimal }
  | { readonly by: 'quantity'; readonly units: Decimal };

/** A segment of a charge, in the order of the segments. */
export interface Segment {
  readonly quantity: Decimal;
  readonly booked: Decimal;
}

/** A part of a segment as an exact fraction: two thirds are 10 of 15, never 66.67 percent. */
export interface CarriedRelease {
  readonly part: Decimal;
  readonly of: Decimal;
  /** Of what is booked, at the scale of its currency. */
  readonly amount: Decimal;
}

const HUNDRED = new Decimal(100);

/**
 * Carries what events released of the first segment to the segments that amendments made of its charge (known
 * limitations, "Event processing"). A percentage carries over as it is. Units carry over as units: they are as many
 * of the new quantity, and all of it where the new quantity is smaller, also for segments after that one.
 *
 * @param scale minor-unit digits of the currency; amounts are rounded half away from zero
 */
export function carryRelease(
  released: Released,
  segments: readonly Segment[],
  scale: number,
): CarriedRelease[] {
  if (released.by === 'percent') {
    invariant(released.percent.gte(0) && released.percent.lte(100), 'more is released than there is');
    return segments.map(({ booked }) => releaseOf(booked, released.percent, HUNDRED, scale));
  }
  let { units } = released;
  invariant(units.gte(0), 'less than nothing is released');
  return segments.map(({ booked, quantity }) => {
    invariant(quantity.gte(0), 'a segment has a negative quantity');
    units = Decimal.min(units, quantity);
    return releaseOf(booked, units, quantity, scale);
  });
}

/** What a segment without any quantity has booked is released: there is nothing left to deliver. */
function releaseOf(booked: Decimal, part: Decimal, of: Decimal, scale: number): CarriedRelease {
  const amount = of.eq(ZERO) ? booked : booked.times(part).div(of);
  return { part, of, amount: amount.toDecimalPlaces(scale) };
}

import { invariant } from '../errors.ts';
import { Decimal, sum } from './decimal.ts';

/** A part of a total: its stable key, and its weight, zero or more. */
export interface Weighed {
  readonly key: string;
  readonly weight: Decimal;
}

const Exact = Decimal.clone({ precision: 120 });

/**
 * Splits a total of so many decimals over weighed parts so that they add up to it (design 9 (9)): each share is cut
 * to the unit, and the units that are left go to the largest remainders, ties to the lower key. A negative total is
 * split as its magnitude. Keys are unique, and some weight is positive.
 */
export function split(
  total: Decimal,
  parts: readonly Weighed[],
  decimals: number,
): ReadonlyMap<string, Decimal> {
  const all = sum(parts.map(({ weight }) => weight));
  invariant(all.isPositive() && !all.isZero(), 'a total is split by weights of which one is positive');
  const unit = new Exact(10).pow(-decimals);
  const shares = parts.map(({ key, weight }) => {
    const share = new Exact(total.abs()).times(weight).dividedBy(all);
    const cut = share.toDecimalPlaces(decimals, Decimal.ROUND_DOWN);
    return { key, cut, left: share.minus(cut) };
  });
  const missing = total
    .abs()
    .minus(sum(shares.map(({ cut }) => cut)))
    .dividedBy(unit)
    .toNumber();
  const raised = new Set(
    shares
      .toSorted((a, b) => b.left.comparedTo(a.left) || (a.key < b.key ? -1 : 1))
      .slice(0, missing)
      .map(({ key }) => key),
  );
  const sign = total.isNegative() ? -1 : 1;
  return new Map(
    shares.map(({ key, cut }) => [key, new Decimal((raised.has(key) ? cut.plus(unit) : cut).times(sign))]),
  );
}

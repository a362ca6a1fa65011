import { type Day } from './days.ts';
import { type Minor, decimalsOf, divided, minorText } from './money.ts';

const RATE_DECIMALS = 6;
const RATE_UNIT = 10n ** BigInt(RATE_DECIMALS);

/** What one US dollar buys, in millionths: invented, near the real ones. */
const PER_DOLLAR: Readonly<Record<string, number>> = {
  USD: 1_000_000,
  EUR: 921_500,
  GBP: 788_300,
  CHF: 884_100,
  CAD: 1_362_700,
  AUD: 1_519_400,
  JPY: 151_320_000,
  KWD: 307_250,
};

/** What one dollar of list price costs in the currency, in millionths; 1:1 for those not listed. */
export function pricePerDollar(currency: string): bigint {
  return BigInt(PER_DOLLAR[currency] ?? 1_000_000);
}

/** A rate as an exact fraction of a million: what one unit of `from` is worth in `to` on that day. */
export function rateOn(from: string, to: string, day: Day): bigint {
  if (from === to) return RATE_UNIT;
  // Up to one per cent either way, over a cycle of 97 days.
  const wiggle = BigInt((day * 37) % 97) - 48n;
  return divided(pricePerDollar(to) * RATE_UNIT * (4_800n + wiggle), pricePerDollar(from) * 4_800n);
}

export function rateText(rate: bigint): string {
  return minorText(rate, RATE_DECIMALS);
}

/** An amount of one currency in another, rounded to the other's decimals. */
export function converted(amount: Minor, rate: bigint, from: string, to: string): Minor {
  const shift = decimalsOf(to) - decimalsOf(from);
  const scale = 10n ** BigInt(Math.abs(shift));
  return shift >= 0 ? divided(amount * rate * scale, RATE_UNIT) : divided(amount * rate, RATE_UNIT * scale);
}

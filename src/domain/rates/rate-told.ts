/** A rate as Billing tells it: what a unit of `from` costs in `to`, or with `inverse` a unit of `to` in `from`. */
export interface RateTold {
  readonly from: string;
  readonly to: string;
  readonly day: string;
  /** Exact text. */
  readonly rate: string;
  readonly inverse: boolean;
  readonly rateSet: string | null;
  /** The day that the provider gave the rate for, where it differs. */
  readonly providerDay: string | null;
}

/** Why a rate cannot be used, in words; null for one that can. */
export function refusalOf({ from, to, rate }: RateTold): string | null {
  const unknown = [from, to].find((currency) => !/^[A-Z]{3}$/.test(currency));
  if (unknown !== undefined) return `"${unknown}" is no currency`;
  if (from === to) return 'a currency has no rate to itself';
  if (!/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(rate)) return `"${rate}" is no positive number`;
  return /^[0.]+(e|$)/i.test(rate) ? 'a rate is more than zero' : null;
}

/** The rates that can be used, and a sentence for each of the others. */
export function usableRates(rates: readonly RateTold[]): { usable: RateTold[]; refused: string[] } {
  const usable: RateTold[] = [];
  const refused: string[] = [];
  for (const rate of rates) {
    const why = refusalOf(rate);
    if (why === null) usable.push(rate);
    else refused.push(`${rate.from} to ${rate.to} on ${rate.day}: ${why}`);
  }
  return { usable, refused };
}

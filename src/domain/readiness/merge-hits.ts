import { Decimal, sum } from '../money/decimal.ts';
import type { Sample, Sum } from './report.ts';

const MOST_SAMPLES = 5;

/** What a rule found in one entity. */
export interface EntityHits {
  readonly entity: string;
  readonly count: string;
  readonly amounts: readonly Sum[];
  readonly samples: readonly Omit<Sample, 'entity'>[];
}

/** What it found in all of them. */
export interface MergedHits {
  readonly count: string;
  readonly amounts: readonly Sum[];
  readonly entities: readonly { readonly entity: string; readonly count: string }[];
  readonly samples: readonly Sample[];
}

/** The hits of several entities as one: sums stay exact, and the samples are those with the most at stake of each currency. */
export function mergeHits(hits: readonly EntityHits[]): MergedHits {
  const found = hits.filter(({ count }) => count !== '0');
  const samples = found.flatMap(({ entity, samples: some }) => some.map((each) => ({ entity, ...each })));
  return {
    count: addCounts(found.map(({ count }) => count)),
    amounts: addSums(found.flatMap(({ amounts }) => amounts)),
    entities: found.map(({ entity, count }) => ({ entity, count })),
    samples: inTurn(samples).slice(0, MOST_SAMPLES),
  };
}

/** Counts as exact text, added. */
export const addCounts = (counts: readonly string[]): string =>
  counts.reduce((total, count) => total + BigInt(count), 0n).toString();

/** Sums added by currency, in the order of their codes; amounts without a currency come last. */
export function addSums(sums: readonly Sum[]): Sum[] {
  const currencies = [...new Set(sums.map(({ currency }) => currency))].toSorted(byCurrency);
  return currencies.map((currency) => {
    const own = sums.filter((each) => each.currency === currency);
    return {
      currency,
      amount: sum(own.map(({ amount }) => new Decimal(amount))).toFixed(),
      gross: sum(own.map(({ gross }) => new Decimal(gross))).toFixed(),
    };
  });
}

function byCurrency(one: string | null, other: string | null): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return one < other ? -1 : 1;
}

/**
 * Amounts of different currencies cannot be compared: the largest of each currency, then the next of each, and so on;
 * those without an amount come last.
 */
function inTurn(samples: readonly Sample[]): Sample[] {
  const valued = samples.filter(({ amount }) => amount !== null);
  const currencies = [...new Set(valued.map(({ currency }) => currency))].toSorted(byCurrency);
  const placed = currencies.flatMap((currency) =>
    valued
      .filter((each) => each.currency === currency)
      .toSorted(byStake)
      .map((sample, turn) => ({ sample, turn })),
  );
  const ordered = placed.toSorted((one, other) => one.turn - other.turn).map(({ sample }) => sample);
  return [...ordered, ...samples.filter(({ amount }) => amount === null)];
}

const byStake = (one: Sample, other: Sample): number => sizeOf(other).comparedTo(sizeOf(one));
const sizeOf = ({ amount }: Sample): Decimal => new Decimal(amount ?? 0).abs();

import { type CycleDay, type Day, billingMonth, startOfBillingMonth } from './days.ts';

/** An amount in the smallest unit of its currency, exact. */
export type Minor = bigint;

/** Parts of a month: divisible by 28, 29, 30 and 31, so that no part of a month is ever rounded. */
export const MONTH_PARTS = 377_580;

/** How many months [start, end) lasts on the cycle's grid, in parts; a part month by its own days. */
export function monthParts(start: Day, end: Day, cycleDay: CycleDay): number {
  return end <= start ? 0 : position(end, cycleDay) - position(start, cycleDay);
}

function position(day: Day, cycleDay: CycleDay): number {
  const month = billingMonth(day, cycleDay);
  const start = startOfBillingMonth(month, cycleDay);
  if (day === start) return month * MONTH_PARTS;
  const length = startOfBillingMonth(month + 1, cycleDay) - start;
  return month * MONTH_PARTS + ((day - start) * MONTH_PARTS) / length;
}

/** numerator / denominator, half away from zero. */
export function divided(numerator: bigint, denominator: bigint): bigint {
  const doubled = 2n * (numerator < 0n ? -numerator : numerator);
  const rounded = (doubled + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/** Decimals of a currency: 2 for USD, 0 for JPY, 3 for KWD. */
export function decimalsOf(currency: string): number {
  let decimals = DECIMALS.get(currency);
  if (decimals === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
    DECIMALS.set(currency, decimals);
  }
  return decimals;
}

const DECIMALS = new Map<string, number>();

/** 1234n with 2 decimals -> `12.34`. */
export function minorText(amount: Minor, decimals: number): string {
  if (decimals === 0) return String(amount);
  const digits = String(amount < 0n ? -amount : amount).padStart(decimals + 1, '0');
  const text = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return amount < 0n ? `-${text}` : text;
}

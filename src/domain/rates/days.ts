const DAY = 86_400_000;

/** Days `YYYY-MM-DD`, both included. */
export interface DaySpan {
  readonly from: string;
  readonly to: string;
}

/** The day so many days later, or earlier with a negative number. */
export const daysLater = (day: string, days: number): string => textOf(Date.parse(day) + days * DAY);

/** The span in pieces of at most `length` days, in order, without gap or overlap. */
export function spansOf({ from, to }: DaySpan, length: number): DaySpan[] {
  const spans: DaySpan[] = [];
  for (let start = from; start <= to; start = daysLater(start, length)) {
    const end = daysLater(start, length - 1);
    spans.push({ from: start, to: end < to ? end : to });
  }
  return spans;
}

/**
 * The day that it is in a time zone (IANA, as `Europe/Berlin`); UTC where none is known, or none of that name.
 *
 * @param now milliseconds since 1970
 */
export function dayIn(timezone: string | null, now: number): string {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone: timezone ?? 'UTC' }).format(now);
  } catch {
    return textOf(now);
  }
}

const textOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10);

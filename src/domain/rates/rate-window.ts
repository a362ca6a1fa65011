import { daysLater } from './days.ts';

/** The days of a pair of currencies that need not be asked for again; both included. */
export interface RateMark {
  readonly syncedFrom: string;
  readonly syncedTo: string;
}

/** Providers correct what they said. */
const OVERLAP = 3;
/** Where nothing tells the first day that is needed. */
const UNTOLD = 90;
/** A day without a rate takes the last one before it: of a Friday, or of the first of a month. */
const LEAD_IN = 31;
/** No line is older; a mistyped date must not make a run ask for centuries. */
export const OLDEST = '2000-01-01';
/** How long a day's rate may still come; a day without one is asked for until then. */
const PATIENCE = 10;

/** The days that lines of an entity need rates of; null where none is known. */
export interface DaysNeeded {
  /** The oldest date of any line. */
  readonly earliest: string | null;
  /** The oldest day that a line waits for a rate of: it may have been entered long after. */
  readonly lacking: string | null;
}

/**
 * The first day to ask for: the day after the mark less an overlap; without a mark, and where lines need older rates than
 * it has, the first day that any line may need. In any case a day early enough for the lines that wait.
 */
export function firstDay(mark: RateMark | undefined, needed: DaysNeeded, today: string): string {
  const regular = unreadSince(mark, needed.earliest, today);
  return needed.lacking === null ? regular : min(regular, early(needed.lacking, today));
}

function unreadSince(mark: RateMark | undefined, earliest: string | null, today: string): string {
  const needed = earliest === null ? null : early(earliest, today);
  if (mark === undefined) return needed ?? daysLater(today, -UNTOLD);
  const next = min(daysLater(mark.syncedTo, 1 - OVERLAP), today);
  return needed !== null && needed < mark.syncedFrom ? needed : next;
}

/** Early enough for the last rate before a day. */
const early = (day: string, today: string): string => max(OLDEST, daysLater(min(day, today), -LEAD_IN));

/** The day before which no rate is waited for any more, when a run has read up to `to`. */
export const waitedOut = (to: string): string => daysLater(to, -PATIENCE);

const min = (one: string, other: string): string => (one < other ? one : other);
const max = (one: string, other: string): string => (one > other ? one : other);

/** A calendar day as the number of days since 1970-01-01. */
export type Day = number;

/** A day of the month that every month has. */
export type CycleDay = number;

interface Calendar {
  readonly text: string;
  readonly month: number;
  readonly dayOfMonth: number;
}

const DAY = 86_400_000;
const known = new Map<Day, Calendar>();

function calendarOf(day: Day): Calendar {
  const found = known.get(day);
  if (found !== undefined) return found;
  const date = new Date(day * DAY);
  const calendar = {
    text: date.toISOString().slice(0, 10),
    month: date.getUTCFullYear() * 12 + date.getUTCMonth(),
    dayOfMonth: date.getUTCDate(),
  };
  known.set(day, calendar);
  return calendar;
}

/** `2024-01-31` -> day; NaN for text that is not a day of the calendar. */
export function parseDay(text: string): Day {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return Number.NaN;
  const day = Date.parse(`${text}T00:00:00Z`) / DAY;
  return Number.isInteger(day) && dayText(day) === text ? day : Number.NaN;
}

export function dayText(day: Day): string {
  return calendarOf(day).text;
}

/** `2024-01-31T09:30:00+0000`, as AQuA writes instants with `dateTimeUtc`. */
export function instantText(day: Day, minute: number): string {
  const hours = String(Math.floor(minute / 60)).padStart(2, '0');
  const minutes = String(minute % 60).padStart(2, '0');
  return `${dayText(day)}T${hours}:${minutes}:00+0000`;
}

/** The same day of a later month; the last day of a month that is too short for it. */
export function addMonths(day: Day, months: number): Day {
  const { month, dayOfMonth: wanted } = calendarOf(day);
  const first = firstOf(month + months);
  const length = firstOf(month + months + 1) - first;
  return first + Math.min(wanted, length) - 1;
}

/**
 * The billing months of a bill cycle day, counted through: each runs from one cycle day to the next.
 */
export function billingMonth(day: Day, cycleDay: CycleDay): number {
  const { month, dayOfMonth: today } = calendarOf(day);
  return today >= cycleDay ? month : month - 1;
}

export function startOfBillingMonth(month: number, cycleDay: CycleDay): Day {
  return firstOf(month) + cycleDay - 1;
}

const firsts = new Map<number, Day>();

function firstOf(month: number): Day {
  let day = firsts.get(month);
  if (day === undefined) {
    day = Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY;
    firsts.set(month, day);
  }
  return day;
}

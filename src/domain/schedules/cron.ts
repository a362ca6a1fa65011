/** What one place of an expression may be: numbers, and for some the beginning of a name, which count from the first number. */
interface Place {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const MONTHS = 'january february march april may june july august september october november december';
const DAYS = 'sunday monday tuesday wednesday thursday friday saturday';

const SECOND: Place = { name: 'second', from: 0, to: 59 };
const YEAR: Place = { name: 'year', from: 2000, to: 2100 };
const DAILY: readonly Place[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of the month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, names: MONTHS.split(' ') },
  { name: 'day of the week', from: 0, to: 7, names: DAYS.split(' ') },
];

/** Expressions of five places, of six with a year, and of seven with seconds, too. */
const PLACES: Readonly<Record<number, readonly Place[]>> = {
  5: DAILY,
  6: [...DAILY, YEAR],
  7: [SECOND, ...DAILY, YEAR],
};

const NAMED = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);
const EVERY = /^@every ([1-9]\d{0,5}[smhd])+$/;

/**
 * Why nothing would run by a cron expression, in words; null: something would. Asked before anything depends on it: Temporal
 * itself says what it does not take only when a schedule is made, and takes one whose day never comes.
 */
export function cronMistake(expression: string): string | null {
  const cron = expression.trim();
  if (NAMED.has(cron) || EVERY.test(cron)) return null;
  const fields = cron.split(/\s+/);
  const places = PLACES[fields.length];
  if (places === undefined) return `it has ${fields.length} places instead of five`;
  for (const [at, place] of places.entries()) {
    const wrong = (fields[at] ?? '').split(',').find((part) => !fits(part, place));
    if (wrong !== undefined) return `"${wrong}" is no ${place.name}${rangeOf(place)}`;
  }
  return hasDay(fields, places) ? null : 'it never fires, since none of its months has such a day';
}

/** Whether a day comes that it names. Which weekday it is does not matter: each date falls on every one in time. */
function hasDay(fields: readonly string[], places: readonly Place[]): boolean {
  const numbers = (name: string): number[] | null => {
    const at = places.findIndex((place) => place.name === name);
    const place = places[at];
    return place === undefined
      ? null
      : (fields[at] ?? '').split(',').flatMap((part) => numbersOf(part, place));
  };
  const years = numbers(YEAR.name);
  const february = years === null || years.some(isLeap) ? 29 : 28;
  const longest = Math.max(...(numbers('month') ?? []).map((month) => daysOf(month, february)));
  return (numbers('day of the month') ?? []).some((day) => day <= longest);
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const daysOf = (month: number, february: number): number =>
  month === 2 ? february : [4, 6, 9, 11].includes(month) ? 30 : 31;

/** All that a part which fits stands for; a value with a step goes on to the end. */
function numbersOf(part: string, place: Place): number[] {
  const [values = '', step] = part.split('/');
  const [from = '', to] = values === '*' ? [String(place.from), String(place.to)] : values.split('-');
  const first = numberOf(from, place) ?? place.from;
  const last = to === undefined ? (step === undefined ? first : place.to) : (numberOf(to, place) ?? place.to);
  const numbers = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  return numbers.filter((number) => (number - first) % Number(step ?? 1) === 0);
}

const rangeOf = ({ from, to }: Place): string => ` from ${from} to ${to}`;

/** `*`, a value, or a span of values, each perhaps with a step. */
function fits(part: string, place: Place): boolean {
  const [values = '', step, ...moreSteps] = part.split('/');
  if (moreSteps.length > 0 || (step !== undefined && !/^0*[1-9]\d{0,5}$/.test(step))) return false;
  if (values === '*') return true;
  const [first, last, ...more] = values.split('-').map((value) => numberOf(value, place));
  if (first == null || last === null || more.length > 0) return false;
  return last === undefined || last >= first;
}

/** Null where it is none that the place may have. */
function numberOf(value: string, { from, to, names = [] }: Place): number | null {
  const name = value.toLowerCase();
  const named = name.length > 1 ? names.findIndex((each) => each.startsWith(name)) : -1;
  const number = named >= 0 ? from + named : /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  return number >= from && number <= to ? number : null;
}

import type { CalendarSpecDescription, ScheduleSpecDescription } from '@temporalio/client';

/** When a schedule runs. */
export interface SpecText {
  /** As cron writes them: minute, hour, day of the month, month, day of the week; with a second before, or a year after, where they count. */
  readonly cron: readonly string[];
  /** Such as `every 3600 s`. */
  readonly every: readonly string[];
  readonly timezone: string;
  /** Runs start up to so much later. */
  readonly jitterSeconds: string;
  /** What takes times away again, such as `ends 2025-01-01T00:00:00.000Z`. */
  readonly limits: readonly string[];
}

type Ranges = readonly { readonly start: unknown; readonly end?: unknown; readonly step?: number }[];

const MONTHS = 'JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER'.split(
  ' ',
);
const WEEK = 'SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY'.split(' ');

/** What a schedule's spec says, however it was written: the server keeps every form as calendars and intervals. */
export function specText(spec: ScheduleSpecDescription): SpecText {
  const { calendars = [], intervals = [], timezone = '', jitter = 0 } = spec;
  return {
    cron: calendars.map(cronOf),
    every: intervals.map(
      ({ every, offset }) => `every ${every / 1000} s${offset > 0 ? `, from second ${offset / 1000}` : ''}`,
    ),
    timezone: timezone === '' ? 'UTC' : timezone,
    jitterSeconds: String(jitter / 1000),
    limits: limitsOf(spec),
  };
}

function limitsOf({ skip = [], startAt, endAt }: ScheduleSpecDescription): string[] {
  return [
    startAt === undefined ? [] : `starts ${startAt.toISOString()}`,
    endAt === undefined ? [] : `ends ${endAt.toISOString()}`,
    skip.map((calendar) => `not ${cronOf(calendar)}`),
  ].flat();
}

function cronOf(calendar: CalendarSpecDescription): string {
  const { minute, hour, dayOfMonth, month, dayOfWeek } = calendar;
  const parts = [
    field(minute, 0, 59),
    field(hour, 0, 23),
    field(dayOfMonth, 1, 31),
    field(month, 1, 12, (name) => MONTHS.indexOf(name) + 1),
    field(dayOfWeek, 0, 6, (name) => WEEK.indexOf(name)),
  ];
  const second = field(calendar.second, 0, 59);
  const year = calendar.year.length === 0 ? '*' : field(calendar.year, 0, 9999);
  // Cron has five fields, or six with the year, or seven with both.
  if (second !== '0') return [second, ...parts, year].join(' ');
  return (year === '*' ? parts : [...parts, year]).join(' ');
}

function field(ranges: Ranges, first: number, last: number, numberOf?: (name: string) => number): string {
  const number = (value: unknown): number =>
    typeof value === 'string' && numberOf !== undefined ? numberOf(value) : Number(value);
  return ranges
    .map(({ start, end, step = 1 }) => {
      const [from, to] = [number(start), number(end ?? start)];
      const span = from === first && to === last ? '*' : from === to ? `${from}` : `${from}-${to}`;
      return step > 1 ? `${span}/${step}` : span;
    })
    .join(',');
}

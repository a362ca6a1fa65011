const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const FORM = /^(\d{2})-([A-Z]{3})-(\d{4}) (\d{2}):(\d{2}):(\d{2})$/;
/** Before it, clocks went by the sun of a town, and a year is more likely mistyped than meant. */
const FIRST_YEAR = 1900;
/** Clocks are at most 14 hours away from UTC, so what they show is passed a day before and after. */
const DAY = 24 * 3_600_000;

/**
 * The instant (ISO, UTC) that `RevenueSync_FromDate` means, as `01-JAN-2021 00:00:00` on the clocks of a time zone; null
 * where the text is none, or of a year before 1900. Of two instants that clocks show alike it is the first one; a time
 * that they leave out is as long after the change as it would have been.
 */
export function fromDate(text: string, zone: string): string | null {
  const shown = shownTime(text);
  if (shown === null) return null;
  const candidates = [shown - DAY, shown + DAY].map((near) => shown - aheadOfUtc(near, zone));
  const shownAt = candidates.filter((instant) => instant + aheadOfUtc(instant, zone) === shown);
  const instant = shownAt.length > 0 ? Math.min(...shownAt) : Math.max(...candidates);
  return new Date(instant).toISOString();
}

/** The time as if it were that of UTC, in epoch milliseconds; null where the calendar has none such. */
function shownTime(text: string): number | null {
  const [, day, month = '', year, hour, minute, second] = FORM.exec(text) ?? [];
  if (day === undefined || Number(year) < FIRST_YEAR) return null;
  const clock = `${year}-${String(MONTHS.indexOf(month) + 1).padStart(2, '0')}-${day}T${hour}:${minute}:${second}.000Z`;
  const asIfUtc = Date.parse(clock);
  // The 31st of February is the 2nd of March to some, and no day to us.
  return Number.isNaN(asIfUtc) || new Date(asIfUtc).toISOString() !== clock ? null : asIfUtc;
}

/** By how many milliseconds the clocks of a zone are ahead of UTC at an instant. */
function aheadOfUtc(instant: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = format.formatToParts(instant);
  const part = (name: string): number => Number(parts.find(({ type }) => type === name)?.value);
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - instant;
}

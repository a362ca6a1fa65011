/** Canonical form of an instant in rows: UTC, whole seconds, as AQuA writes it with `dateTimeUtc`. */
const CANONICAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+0000$/;
const WRITTEN = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Any form of an instant that Zuora's APIs use, in the canonical form; null when it is none. Without
 * a zone it is the tenant's time, US Pacific.
 */
export function canonicalInstant(text: string): string | null {
  if (CANONICAL.test(text)) return text;
  const parts = WRITTEN.exec(text.trim());
  if (parts === null) return null;
  const [, day = '', time = '00:00:00', zone] = parts;
  const local = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`);
  if (Number.isNaN(local)) return null;
  const offset = zone === undefined ? pacificOffset(local) : offsetOf(zone);
  return utcText(local - offset);
}

export function utcText(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}+0000`;
}

/** The same instant in the tenant's time: `2024-01-31T01:30:00-0800`. */
export function pacificText(canonical: string): string {
  const instant = Date.parse(`${canonical.slice(0, 19)}Z`);
  if (Number.isNaN(instant)) return canonical;
  const hours = pacificHours(instant);
  const local = new Date(instant + hours * HOUR).toISOString().slice(0, 19);
  return `${local}-0${-hours}00`;
}

const HOUR = 3_600_000;

function offsetOf(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** Of a local time; near a change of the clocks the offset of two hours before decides. */
function pacificOffset(local: number): number {
  return pacificHours(local + 7 * HOUR) * HOUR;
}

const PACIFIC = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  timeZoneName: 'longOffset',
});
const offsets = new Map<number, number>();

function pacificHours(instant: number): number {
  const hour = Math.floor(instant / HOUR);
  let hours = offsets.get(hour);
  if (hours === undefined) {
    const zone = PACIFIC.formatToParts(hour * HOUR).find(({ type }) => type === 'timeZoneName')?.value;
    hours = Number(zone?.slice(3, 6) ?? '-8');
    offsets.set(hour, hours);
  }
  return hours;
}

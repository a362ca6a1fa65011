import { canonicalInstant, pacificText } from '../instants.ts';
import { type Value } from './sql-tree.ts';

const WRITTEN =
  /^\s*(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,12}))?)?)?\s*(Z|[+-]\d{2}:?\d{2}|[A-Za-z][\w+/-]*)?\s*$/i;

/**
 * The text of a timestamp literal as a value: `2021-07-15 07:45:55.000000 -07:00`, with a zone of
 * any spelling that Trino knows, or without one: then it is the tenant's time. Null when it is none.
 */
export function timestampOf(text: string): Value {
  const parts = WRITTEN.exec(text);
  if (parts === null) return null;
  const [, day = '', minutes = '00:00', seconds = '00', fraction = '', zone] = parts;
  const local = `${day}T${minutes}:${seconds}`;
  const named = zone !== undefined && !/^(z|[+-]\d)/i.test(zone);
  const instant = named ? inNamedZone(local, zone) : canonicalInstant(`${local}${zone ?? ''}`);
  return instant === null ? null : `${instant.slice(0, 19)}${fractionOf(fraction)}`;
}

/** A cell of a row, whose instants are canonical, as a value. */
export function timestampOfCell(cell: string): string {
  return (canonicalInstant(cell) ?? cell).slice(0, 19);
}

/** As Data Query writes it, in the tenant's time: `2018-06-14T11:40:51-07:00` (wire.md 2.4). */
export function timestampText(value: string): string {
  const local = localText(value);
  return `${local.slice(0, 22)}:${local.slice(22)}`;
}

/** The tenant's time: `2018-06-14T11:40:51-0700`. */
export function localText(value: string): string {
  return pacificText(`${value.slice(0, 19)}+0000`);
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && canonicalInstant(`${text}T00:00:00Z`)?.slice(0, 10) === text;
}

function fractionOf(digits: string): string {
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '' : `.${kept}`;
}

function inNamedZone(local: string, zone: string): string | null {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return null;
  try {
    // Twice: the first answer may lie on the other side of a change of the clocks.
    const guess = asUtc - offsetAt(asUtc, zone);
    return new Date(asUtc - offsetAt(guess, zone)).toISOString();
  } catch {
    return null;
  }
}

/** Milliseconds that the zone is ahead of UTC. Throws for a zone that nobody knows. */
function offsetAt(instant: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const text = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d{2}):(\d{2})/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

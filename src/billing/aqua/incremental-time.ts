import { invariant, RevsyncError } from '../../domain/errors.ts';

type Zone = 'UTC' | 'America/Los_Angeles';

const HOUR = 3_600_000;

/**
 * An ISO instant as the `incrementalTime` of a stateful job: `yyyy-MM-dd HH:mm:ss` in the time of the data centre
 * of `host`, which is Pacific in the US and UTC in the EU (wire.md 2.2, fact 4). However Billing reads the text,
 * it reads no later instant: fractions of a second are cut, and in the hour that exists twice it may be an
 * hour earlier.
 * Throws `BILLING_STATEFUL_ZONE_UNKNOWN` where the time of the data centre is not documented.
 */
export function incrementalTime(since: string, host: string): string {
  const at = Date.parse(since);
  invariant(/T.*(Z|[+-]\d\d:?\d\d)$/.test(since) && !Number.isNaN(at), 'a mark is an instant with an offset');
  const zone = zoneOf(host);
  const text = textIn(zone, at);
  // Read as the second pass, the text of the first would skip an hour of changes.
  const isFirstOfTwo = text === textIn(zone, at + HOUR);
  return isFirstOfTwo ? textIn(zone, at - HOUR) : text;
}

/** By the labels of Zuora's host names; whatever else there is, loopback included, counts as the US. */
function zoneOf(host: string): Zone {
  const labels = host.toLowerCase().split(':', 1)[0]?.split('.') ?? [];
  if (labels.includes('eu')) return 'UTC';
  if (!labels.includes('ap')) return 'America/Los_Angeles';
  throw new RevsyncError(
    'Zuora does not document in which time zone its APAC data centres take a stateful export',
    {
      code: 'BILLING_STATEFUL_ZONE_UNKNOWN',
      fate: 'fix-input',
      remedy: 'Run stateless, which is the default: remove the partner id from the configuration.',
      context: { host },
    },
  );
}

function textIn(zone: Zone, at: number): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  const day = `${part('year')}-${part('month')}-${part('day')}`;
  return `${day} ${part('hour')}:${part('minute')}:${part('second')}`;
}

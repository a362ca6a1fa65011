import { describe, expect, test } from 'vitest';

import { incrementalTime } from '../../../src/billing/aqua/incremental-time.ts';
import { RevsyncError } from '../../../src/domain/errors.ts';

const US = 'rest.zuora.com';
const EU = 'rest.eu.zuora.com';

describe('the incremental time', () => {
  test.each([
    ['rest.zuora.com', '2024-01-31 00:00:09'],
    ['rest.na.zuora.com', '2024-01-31 00:00:09'],
    ['rest.apisandbox.zuora.com', '2024-01-31 00:00:09'],
    ['rest.sandbox.na.zuora.com', '2024-01-31 00:00:09'],
    ['rest.test.zuora.com', '2024-01-31 00:00:09'],
    ['127.0.0.1:8080', '2024-01-31 00:00:09'],
    ['localhost', '2024-01-31 00:00:09'],
    ['rest.eu.zuora.com', '2024-01-31 08:00:09'],
    ['rest.sandbox.eu.zuora.com', '2024-01-31 08:00:09'],
    ['REST.TEST.EU.zuora.com:443', '2024-01-31 08:00:09'],
  ])('at %s is %s', (host, text) => {
    expect(incrementalTime('2024-01-31T09:00:09.999+01:00', host)).toBe(text);
  });

  test.each(['rest.ap.zuora.com', 'rest.test.ap.zuora.com:443'])('at %s is not known', (host) => {
    const call = () => incrementalTime('2024-01-31T08:00:00Z', host);
    expect(call).toThrow(RevsyncError);
    expect(call).toThrow(
      expect.objectContaining({
        code: 'BILLING_STATEFUL_ZONE_UNKNOWN',
        fate: 'fix-input',
        context: { host },
      }),
    );
  });

  test.each([
    ['just before the hour that is left out', '2024-03-10T09:59:59Z', '2024-03-10 01:59:59'],
    ['just after it', '2024-03-10T10:00:00Z', '2024-03-10 03:00:00'],
    ['in summer', '2024-07-01T00:30:00Z', '2024-06-30 17:30:00'],
    ['just before the hour that exists twice', '2024-11-03T07:59:59Z', '2024-11-03 00:59:59'],
    ['at the start of its first pass', '2024-11-03T08:00:00Z', '2024-11-03 00:00:00'],
    ['at the end of its first pass', '2024-11-03T08:59:59Z', '2024-11-03 00:59:59'],
    ['at the start of its second pass', '2024-11-03T09:00:00Z', '2024-11-03 01:00:00'],
    ['at the end of its second pass', '2024-11-03T09:59:59Z', '2024-11-03 01:59:59'],
    ['just after it', '2024-11-03T10:00:00Z', '2024-11-03 02:00:00'],
    ['at midnight', '2024-12-01T08:00:00Z', '2024-12-01 00:00:00'],
  ])('in the US, %s, is never later however it is read', (_name, since, text) => {
    expect(incrementalTime(since, US)).toBe(text);
    // Both offsets that Pacific time knows; the one that is in force then, or was in the hour that exists twice.
    const readings = ['-07:00', '-08:00'].map((offset) => Date.parse(text.replace(' ', 'T') + offset));
    const possible = readings.filter((at) => pacific(at) === text);
    expect(possible.length).toBeGreaterThan(0);
    expect(Math.max(...possible)).toBeLessThanOrEqual(Date.parse(since));
  });

  test('in the EU knows no summer time', () => {
    expect(incrementalTime('2024-10-27T00:30:00Z', EU)).toBe('2024-10-27 00:30:00');
    expect(incrementalTime('2024-10-27T01:30:00Z', EU)).toBe('2024-10-27 01:30:00');
  });

  test.each(['2024-01-31', '2024-01-31T08:00:00', 'yesterday', '2024-13-01T00:00:00Z'])(
    'of %j, which is no instant, is none',
    (since) => expect(() => incrementalTime(since, US)).toThrow(/Invariant/),
  );
});

function pacific(at: number): string {
  return new Date(at).toLocaleString('sv-SE', { timeZone: 'America/Los_Angeles' });
}

import { describe, expect, test } from 'vitest';

import { fromDate } from '../../../src/domain/instant-on/from-date.ts';

describe('RevenueSync_FromDate', () => {
  test.each([
    ['01-JAN-2021 00:00:00', 'UTC', '2021-01-01T00:00:00.000Z'],
    ['01-JAN-2021 00:00:00', 'Europe/Berlin', '2020-12-31T23:00:00.000Z'],
    ['31-DEC-2024 23:59:59', 'America/Los_Angeles', '2025-01-01T07:59:59.000Z'],
    ['29-FEB-2024 12:00:00', 'Asia/Kolkata', '2024-02-29T06:30:00.000Z'],
    ['01-JUL-2024 00:00:00', 'Europe/Berlin', '2024-06-30T22:00:00.000Z'],
  ])('%s on the clocks of %s is %s', (text, zone, instant) => {
    expect(fromDate(text, zone)).toBe(instant);
  });

  test.each([
    ['31-MAR-2024 02:30:00', 'Europe/Berlin', '2024-03-31T01:30:00.000Z'],
    ['08-MAR-2026 02:30:00', 'America/New_York', '2026-03-08T07:30:00.000Z'],
    ['06-SEP-2026 00:00:00', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
    ['04-OCT-2026 02:15:00', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z'],
    ['30-DEC-2011 12:00:00', 'Pacific/Apia', '2011-12-30T22:00:00.000Z'],
  ])('%s, which the clocks of %s leave out, means after the gap: %s', (text, zone, instant) => {
    expect(fromDate(text, zone)).toBe(instant);
  });

  test.each([
    ['27-OCT-2024 02:30:00', 'Europe/Berlin', '2024-10-27T00:30:00.000Z'],
    ['01-NOV-2026 01:30:00', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    ['04-APR-2026 23:30:00', 'America/Santiago', '2026-04-05T02:30:00.000Z'],
    ['05-APR-2026 01:45:00', 'Australia/Lord_Howe', '2026-04-04T14:45:00.000Z'],
  ])('%s, which the clocks of %s show twice, means the first time: %s', (text, zone, instant) => {
    expect(fromDate(text, zone)).toBe(instant);
  });

  test.each([
    ['08-MAR-2026 01:59:59', 'America/New_York', '2026-03-08T06:59:59.000Z'],
    ['08-MAR-2026 03:00:00', 'America/New_York', '2026-03-08T07:00:00.000Z'],
    ['01-NOV-2026 02:00:00', 'America/New_York', '2026-11-01T07:00:00.000Z'],
    ['01-JAN-1900 00:00:00', 'UTC', '1900-01-01T00:00:00.000Z'],
  ])('%s beside a change of the clocks of %s is %s', (text, zone, instant) => {
    expect(fromDate(text, zone)).toBe(instant);
  });

  test.each([
    '31-FEB-2024 00:00:00',
    '01-XXX-2024 00:00:00',
    '01-JAN-2024 24:00:00',
    '2024-01-01',
    '31-DEC-1899 23:59:59',
    '01-JAN-0021 00:00:00',
    '',
  ])('is none where it says "%s"', (text) => {
    expect(fromDate(text, 'UTC')).toBeNull();
  });
});

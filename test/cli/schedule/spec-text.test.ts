import type { CalendarSpecDescription } from '@temporalio/client';
import { describe, expect, test } from 'vitest';

import { specText } from '../../../src/cli/schedule/spec-text.ts';

const at = (value: number) => [{ start: value, end: value, step: 1 }];
const DAILY: CalendarSpecDescription = {
  second: at(0),
  minute: at(17),
  hour: at(4),
  dayOfMonth: [{ start: 1, end: 31, step: 1 }],
  month: [{ start: 'JANUARY', end: 'DECEMBER', step: 1 }],
  year: [],
  dayOfWeek: [{ start: 'SUNDAY', end: 'SATURDAY', step: 1 }],
};

describe('when a schedule runs', () => {
  test('is said as cron does, whatever form it was written in', () => {
    const cronOf = (change: Partial<CalendarSpecDescription>) =>
      specText({ calendars: [{ ...DAILY, ...change }] }).cron;
    expect(cronOf({})).toEqual(['17 4 * * *']);
    expect(cronOf({ dayOfWeek: [{ start: 'MONDAY', end: 'FRIDAY', step: 1 }] })).toEqual(['17 4 * * 1-5']);
    expect(cronOf({ minute: [{ start: 0, end: 59, step: 15 }] })).toEqual(['*/15 4 * * *']);
    expect(
      cronOf({ dayOfMonth: [...at(1), ...at(15)], month: [{ start: 'MARCH', end: 'MARCH', step: 1 }] }),
    ).toEqual(['17 4 1,15 3 *']);
  });

  test('has the time zone, and intervals in seconds', () => {
    expect(
      specText({
        intervals: [
          { every: 3_600_000, offset: 0 },
          { every: 60_000, offset: 5_000 },
        ],
        timezone: 'Europe/Berlin',
        jitter: 600_000,
      }),
    ).toEqual({
      cron: [],
      every: ['every 3600 s', 'every 60 s, from second 5'],
      timezone: 'Europe/Berlin',
      jitterSeconds: '600',
      limits: [],
    });
    expect([specText({}).timezone, specText({ timezone: '' }).timezone]).toEqual(['UTC', 'UTC']);
  });

  test('says seconds and years only where they count', () => {
    const cronOf = (change: Partial<CalendarSpecDescription>) =>
      specText({ calendars: [{ ...DAILY, ...change }] }).cron;
    expect(cronOf({ year: at(2030) })).toEqual(['17 4 * * * 2030']);
    expect(cronOf({ second: at(30) })).toEqual(['30 17 4 * * * *']);
  });

  test('says what takes times away again', () => {
    const { limits } = specText({
      calendars: [DAILY],
      startAt: new Date('2025-01-01T00:00:00Z'),
      endAt: new Date('2026-01-01T00:00:00Z'),
      skip: [{ ...DAILY, dayOfWeek: [{ start: 'SUNDAY', end: 'SUNDAY', step: 1 }] }],
    });
    expect(limits).toEqual([
      'starts 2025-01-01T00:00:00.000Z',
      'ends 2026-01-01T00:00:00.000Z',
      'not 17 4 * * 0',
    ]);
  });
});

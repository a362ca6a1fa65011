import { describe, expect, test } from 'vitest';

import {
  escalates,
  nextReminder,
  Reminders,
  remindersDue,
} from '../../../src/domain/enablement/reminders.ts';

const HOUR = 3_600_000;
const SINCE = Date.parse('2026-01-01T00:00:00Z');
const hoursOf = (reminders: Reminders, count: number): number[] =>
  Array.from({ length: count }, (_, sent) => (nextReminder(reminders, SINCE, sent) - SINCE) / HOUR);

describe('reminders', () => {
  test('come after a day, three days and a week, then every week', () => {
    expect(hoursOf(Reminders.parse({}), 6)).toEqual([24, 72, 168, 336, 504, 672]);
  });

  test('come as somebody said, in whatever order', () => {
    expect(hoursOf(Reminders.parse({ after: [48, 1], every: 12 }), 5)).toEqual([1, 48, 60, 72, 84]);
  });

  test('that were missed are told at once, together', () => {
    const reminders = Reminders.parse({});
    const due = (hours: number) => remindersDue(reminders, SINCE, SINCE + hours * HOUR);
    expect([0, 23, 24, 71, 72, 168, 335, 336, 600].map(due)).toEqual([0, 0, 1, 1, 2, 3, 3, 4, 5]);
  });

  test('escalate from the hour on that is said', () => {
    const reminders = Reminders.parse({ escalateAfter: 100 });
    expect(escalates(reminders, SINCE, SINCE + 100 * HOUR - 1)).toBe(false);
    expect(escalates(reminders, SINCE, SINCE + 100 * HOUR)).toBe(true);
  });

  test.each([
    { after: [] },
    { after: [0] },
    { after: [0.2] },
    { every: -1 },
    { every: 24 * 367 },
    { escalateAfter: '1' },
  ])('cannot be %j', (said) => {
    expect(Reminders.safeParse(said).success).toBe(false);
  });
});

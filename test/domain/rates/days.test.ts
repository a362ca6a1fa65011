import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { dayIn, daysLater, spansOf } from '../../../src/domain/rates/days.ts';

describe('days', () => {
  test('go over the ends of months and years', () => {
    expect(daysLater('2024-02-28', 1)).toBe('2024-02-29');
    expect(daysLater('2024-01-01', -1)).toBe('2023-12-31');
  });

  test('of a span come in pieces without gap or overlap', () => {
    const day = fc.integer({ min: 0, max: 3_000 }).map((days) => daysLater('2019-06-01', days));
    fc.assert(
      fc.property(
        day,
        fc.integer({ min: 0, max: 900 }),
        fc.integer({ min: 1, max: 400 }),
        (from, days, length) => {
          const to = daysLater(from, days);
          const spans = spansOf({ from, to }, length);
          expect([spans[0]?.from, spans.at(-1)?.to]).toEqual([from, to]);
          for (const [at, span] of spans.entries()) {
            expect(span.from <= span.to && daysLater(span.from, length - 1) >= span.to).toBe(true);
            if (at > 0) expect(daysLater(spans[at - 1]?.to ?? '', 1)).toBe(span.from);
          }
        },
      ),
    );
  });

  test('differ by time zone; one that nobody knows counts as UTC', () => {
    const now = Date.parse('2024-03-01T02:00:00Z');
    expect(dayIn('America/Los_Angeles', now)).toBe('2024-02-29');
    expect(dayIn('Asia/Tokyo', Date.parse('2024-02-29T20:00:00Z'))).toBe('2024-03-01');
    expect([dayIn(null, now), dayIn('Nowhere/Else', now)]).toEqual(['2024-03-01', '2024-03-01']);
  });
});

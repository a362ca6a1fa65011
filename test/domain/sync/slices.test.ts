import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Bucket, bucketsOf, slicesOf } from '../../../src/domain/sync/slices.ts';

const day = (number: number): string => new Date(Date.UTC(2024, 0, number)).toISOString();
const SPAN = { from: null, to: day(400) };

/** Counts of some of the days of a span. */
const counts = fc
  .uniqueArray(fc.integer({ min: 1, max: 399 }), { maxLength: 60 })
  .chain((days) =>
    fc.tuple(...days.map((number) => fc.nat({ max: 150 }).map((rows) => ({ at: day(number), rows })))),
  );

describe('slices of a span', () => {
  test('put neighbouring days together up to the limit', () => {
    const buckets = bucketsOf(
      [
        { at: day(1), rows: 40 },
        { at: day(2), rows: 60 },
        { at: day(5), rows: 1 },
      ],
      SPAN,
    );
    expect(slicesOf(buckets, 100).slices).toEqual([
      { from: null, to: day(5), rows: 100 },
      { from: day(5), to: day(400), rows: 1 },
    ]);
  });

  test('leave a day that alone is too much to be counted in finer units', () => {
    const buckets = bucketsOf(
      [
        { at: day(1), rows: 1 },
        { at: day(2), rows: 101 },
        { at: day(3), rows: 1 },
      ],
      SPAN,
    );
    expect(slicesOf(buckets, 100)).toEqual({
      slices: [
        { from: null, to: day(2), rows: 1 },
        { from: day(3), to: day(400), rows: 1 },
      ],
      crowded: [{ from: day(2), to: day(3), rows: 101 }],
    });
  });

  test('are the whole span where no dated row was counted: there may be rows without a date', () => {
    expect(slicesOf(bucketsOf([], SPAN), 100)).toEqual({ slices: [{ ...SPAN, rows: 0 }], crowded: [] });
  });

  test('cover the span without a gap or an overlap, and no slice holds more than the limit', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 120 }), (found, limit) => {
        const { slices, crowded } = slicesOf(bucketsOf(found, SPAN), limit);
        const all: Bucket[] = [...slices, ...crowded].toSorted((a, b) => (a.to < b.to ? -1 : 1));
        expect(all.reduce((sum, { rows }) => sum + rows, 0)).toBe(
          found.reduce((sum, { rows }) => sum + rows, 0),
        );
        expect(slices.every(({ rows }) => rows <= limit)).toBe(true);
        expect(crowded.every(({ rows }) => rows > limit)).toBe(true);
        expect(all.map(({ from }) => from)).toEqual([null, ...all.slice(0, -1).map(({ to }) => to)]);
        expect(all.at(-1)?.to).toBe(SPAN.to);
      }),
    );
  });
});

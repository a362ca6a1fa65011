import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { daySpans, isDay } from '../../../src/billing/rest/day-spans.ts';

const DAY = 86_400_000;
const dayOf = (index: number) => new Date(Date.UTC(2023, 0, 1) + index * DAY).toISOString().slice(0, 10);
const lengthOf = ({ from, to }: { from: string; to: string }) =>
  (Date.parse(to) - Date.parse(from)) / DAY + 1;

describe('a day', () => {
  test.each(['2024-02-29', '2000-02-29', '2023-12-31'])('%s is one', (text) => {
    expect(isDay(text)).toBe(true);
  });

  test.each(['2023-02-29', '1900-02-29', '2024-13-01', '2024-1-1', '2024-01-01T00:00:00Z', 'today', ''])(
    '%j is none',
    (text) => {
      expect(isDay(text)).toBe(false);
    },
  );
});

describe('a span of days in pieces of 90', () => {
  test.each([
    ['1 day', '2024-02-29', '2024-02-29', [['2024-02-29', '2024-02-29']]],
    ['90 days over a leap day', '2024-01-01', '2024-03-30', [['2024-01-01', '2024-03-30']]],
    [
      '91 days over a leap day',
      '2024-01-01',
      '2024-03-31',
      [
        ['2024-01-01', '2024-03-30'],
        ['2024-03-31', '2024-03-31'],
      ],
    ],
    [
      'the same in a common year',
      '2023-01-01',
      '2023-04-01',
      [
        ['2023-01-01', '2023-03-31'],
        ['2023-04-01', '2023-04-01'],
      ],
    ],
    [
      '180 days over a change of the clocks and of the year',
      '2023-09-15',
      '2024-03-12',
      [
        ['2023-09-15', '2023-12-13'],
        ['2023-12-14', '2024-03-12'],
      ],
    ],
  ])('of %s', (_name, from, to, pieces) => {
    expect(daySpans({ from, to }, 90)).toEqual(pieces.map(([first, last]) => ({ from: first, to: last })));
  });

  test('has every day once, in order, and no piece too long', () => {
    fc.assert(
      fc.property(fc.nat(800), fc.nat(800), fc.integer({ min: 1, max: 100 }), (start, more, length) => {
        const span = { from: dayOf(start), to: dayOf(start + more) };
        const pieces = daySpans(span, length);
        const days = pieces.flatMap(({ from, to }) =>
          Array.from({ length: lengthOf({ from, to }) }, (_, index) =>
            new Date(Date.parse(from) + index * DAY).toISOString().slice(0, 10),
          ),
        );
        expect(days).toEqual(Array.from({ length: more + 1 }, (_, index) => dayOf(start + index)));
        expect(pieces.every((piece) => lengthOf(piece) <= length)).toBe(true);
      }),
    );
  });
});

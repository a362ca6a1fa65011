import fc from 'fast-check';
import { expect, test } from 'vitest';

import { createCallRate } from '../../../src/billing/rest/call-rate.ts';
import type { RateWindow } from '../../../src/billing/rest/rate-limits.ts';

/** The largest number of starts in any half-open window of that length. */
function mostIn(starts: readonly number[], milliseconds: number): number {
  let first = 0;
  return starts.reduce((most, start, index) => {
    while (start - (starts[first] ?? start) >= milliseconds) first += 1;
    return Math.max(most, index - first + 1);
  }, 0);
}

/** When calls that arrive with these pauses between them start, in whole milliseconds as timers have them. */
function startsOf(rate: ReturnType<typeof createCallRate>, gaps: readonly number[]): number[] {
  let now = 0;
  return gaps.map((gap) => {
    now += gap;
    const at = rate.next(now);
    rate.books(at);
    return Math.ceil(at);
  });
}

const share = fc.integer({ min: 1, max: 100 });
const windows = fc.uniqueArray(
  fc.record({ limit: fc.integer({ min: 1, max: 400 }), seconds: fc.constantFrom(1, 2, 10, 60) }),
  { selector: ({ seconds }) => seconds, minLength: 1, maxLength: 3 },
);
const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 }), fc.integer({ max: 5000 })), {
  minLength: 1,
  maxLength: 600,
});
/** One call at least goes through, however small the share is. */
const allowed = ({ limit }: RateWindow, percent: number) => Math.max(1, Math.floor((limit * percent) / 100));

test('whatever the arrivals, no window has more calls than the share allows', () => {
  fc.assert(
    fc.property(share, windows, gaps, (percent, limits, arrivals) => {
      const starts = startsOf(createCallRate(percent / 100, limits, 0), arrivals.map(Math.abs));
      for (const window of limits) {
        expect(mostIn(starts, window.seconds * 1000)).toBeLessThanOrEqual(allowed(window, percent));
      }
    }),
    { numRuns: 300 },
  );
});

test('the same holds for limits that the first reply tells, whatever later ones say is left', () => {
  const left = fc.option(fc.record({ remaining: fc.nat(40), reset: fc.nat(20) }), { freq: 6 });
  const calls = fc.array(fc.record({ gap: fc.oneof(fc.constant(0), fc.nat(400)), left }), { maxLength: 300 });
  fc.assert(
    fc.property(share, windows, calls, (percent, limits, arrivals) => {
      const rate = createCallRate(percent / 100, [{ limit: 50_000, seconds: 60 }], 0);
      const told = limits.map(({ limit, seconds }) => `${limit};w=${seconds}`).join(', ');
      rate.learn({ 'ratelimit-limit': `40, ${told}` }, 0);
      let now = 0;
      const starts = arrivals.map((arrival) => {
        now += arrival.gap;
        if (arrival.left !== null) {
          const { remaining, reset } = arrival.left;
          const headers = { 'ratelimit-remaining': String(remaining), 'ratelimit-reset': String(reset) };
          rate.learn({ 'ratelimit-limit': `40, ${told}`, ...headers }, now);
        }
        const at = rate.next(now);
        rate.books(at);
        return Math.ceil(at);
      });
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      for (const window of limits) {
        expect(mostIn(starts, window.seconds * 1000)).toBeLessThanOrEqual(allowed(window, percent));
      }
    }),
    { numRuns: 300 },
  );
});

test('who calls without a pause gets half of the share at least', () => {
  fc.assert(
    fc.property(share, fc.integer({ min: 1, max: 1000 }), (percent, limit) => {
      const rate = createCallRate(percent / 100, [{ limit, seconds: 60 }], 0);
      const perMinute = (limit * percent) / 100;
      const calls = Math.ceil(perMinute * 4) + 4;
      const minutes = (startsOf(rate, Array(calls).fill(0)).at(-1) ?? 0) / 60_000;
      expect(minutes).toBeLessThanOrEqual(calls / (perMinute / 2));
    }),
  );
});

import { describe, expect, test } from 'vitest';

import { createCallRate } from '../../../src/billing/rest/call-rate.ts';

/** When each of so many calls starts that all come at `now`. */
function startsAt(rate: ReturnType<typeof createCallRate>, now: number, calls: number): number[] {
  return Array.from({ length: calls }, () => {
    const at = rate.next(now);
    rate.books(at);
    return Math.round(at);
  });
}
const quota = (limit: number, remaining: number, reset: number) => ({
  'ratelimit-limit': `${limit}, ${limit};w=60`,
  'ratelimit-remaining': String(remaining),
  'ratelimit-reset': String(reset),
});

describe('the rate of calls', () => {
  test('lets half of the share through at once and spreads the rest', () => {
    const rate = createCallRate(0.5, [{ limit: 24, seconds: 60 }], 0);
    expect(startsAt(rate, 0, 9)).toEqual([0, 0, 0, 0, 0, 0, 10_000, 20_000, 30_000]);
  });

  test('does not save up while nobody calls', () => {
    const rate = createCallRate(0.5, [{ limit: 24, seconds: 60 }], 0);
    startsAt(rate, 0, 6);
    expect(startsAt(rate, 3_600_000, 7)).toEqual([...Array(6).fill(3_600_000), 3_610_000]);
  });

  test('spreads a share of less than one call over several windows', () => {
    const rate = createCallRate(0.01, [{ limit: 50, seconds: 60 }], 0);
    expect(startsAt(rate, 0, 3)).toEqual([0, 120_000, 240_000]);
  });

  test('keeps to each window that replies tell of, the tightest first', () => {
    const rate = createCallRate(1, [{ limit: 50_000, seconds: 60 }], 0);
    rate.learn({ 'ratelimit-limit': '4, 600;w=60, 4;w=3600' }, 0);
    expect(startsAt(rate, 0, 3)).toEqual([0, 0, 1_800_000]);
  });

  test('counts what was called before a limit was known', () => {
    const rate = createCallRate(1, [{ limit: 50_000, seconds: 60 }], 0);
    startsAt(rate, 0, 5);
    rate.learn({ 'ratelimit-limit': '10;w=60' }, 0);
    expect(startsAt(rate, 0, 1)).toEqual([12_000]);
  });

  test('does not start anew with every reply that repeats the limits', () => {
    const rate = createCallRate(1, [{ limit: 4, seconds: 60 }], 0);
    startsAt(rate, 0, 2);
    rate.learn({ 'ratelimit-limit': '4;w=60' }, 0);
    expect(startsAt(rate, 0, 1)).toEqual([30_000]);
  });
});

describe('what others have left', () => {
  test('changes nothing while they keep to their part', () => {
    const rate = createCallRate(0.5, [{ limit: 1000, seconds: 60 }], 0);
    rate.learn(quota(1000, 500, 30), 0);
    expect(startsAt(rate, 0, 200).at(-1)).toBe(0);
  });

  test('is shared until the reset where they took more', () => {
    const rate = createCallRate(0.5, [{ limit: 1000, seconds: 60 }], 0);
    rate.learn(quota(1000, 40, 30), 0);
    // Of 40, 20 are ours: ten at once, ten over the thirty seconds.
    expect(startsAt(rate, 0, 12)).toEqual([...Array(10).fill(0), 3_000, 6_000]);
    expect(startsAt(rate, 30_000, 100).at(-1)).toBe(30_000);
  });

  test('is not given back by later replies before the reset', () => {
    const rate = createCallRate(0.5, [{ limit: 1000, seconds: 60 }], 0);
    for (let call = 0; call < 10; call += 1) {
      rate.learn(quota(1000, 40 - call, 30), 0);
      startsAt(rate, 0, 1);
    }
    expect(rate.next(0)).toBeGreaterThan(2_000);
  });

  test('is nothing: nobody calls until the reset', () => {
    const rate = createCallRate(1, [{ limit: 1000, seconds: 60 }], 0);
    rate.learn(quota(1000, 0, 17), 0);
    expect(startsAt(rate, 0, 2)).toEqual([17_000, 17_000]);
  });

  test('is enough again as soon as a reply says so', () => {
    const rate = createCallRate(0.5, [{ limit: 1000, seconds: 60 }], 0);
    rate.learn(quota(1000, 0, 17), 0);
    rate.learn(quota(1000, 900, 60), 1_000);
    expect(startsAt(rate, 1_000, 1)).toEqual([1_000]);
  });
});

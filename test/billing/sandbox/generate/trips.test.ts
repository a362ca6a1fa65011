import { describe, expect, test } from 'vitest';

import { TRIPS, tripsOf } from '../../../../src/billing/sandbox/generate/trips.ts';

describe('tripsOf', () => {
  test('shows every limitation asked for somewhere in the first accounts, few in each', () => {
    const shown = Array.from({ length: 20 }, (_, index) => tripsOf(TRIPS, index));
    expect(shown.flat().toSorted()).toEqual([...TRIPS].toSorted());
    expect(shown.slice(4).flat()).toEqual([]);
    expect(Math.max(...shown.slice(1).map((trips) => trips.length))).toBe(4);
  });

  test('shows it again in each twenty accounts', () => {
    expect(tripsOf(TRIPS, 21)).toEqual(tripsOf(TRIPS, 1));
    expect(tripsOf(['overage-smoothing'], 0)).toEqual(['overage-smoothing']);
    expect(tripsOf(['overage-smoothing'], 1)).toEqual([]);
  });
});

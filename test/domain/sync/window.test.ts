import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { syncWindow } from '../../../src/domain/sync/window.ts';

const at = (text: string): number => Date.parse(text);
const POLICY = { lagSeconds: 7_200, overlapSeconds: 300 };

const YEAR = 366 * 86_400_000;
const instants = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2020-01-01T00:00:00Z') + 10 * YEAR });
const policies = fc.record({
  lagSeconds: fc.nat({ max: 100_000 }),
  overlapSeconds: fc.nat({ max: 100_000 }),
});

describe('syncWindow', () => {
  test('is full without a mark, and stays the lag behind now', () => {
    expect(syncWindow(null, at('2024-05-01T12:00:00Z'), POLICY)).toEqual({
      from: null,
      to: '2024-05-01T10:00:00.000Z',
    });
  });

  test('starts at the mark less the overlap', () => {
    expect(syncWindow('2024-05-01T10:00:00.000000Z', at('2024-05-02T12:00:00Z'), POLICY)).toEqual({
      from: '2024-05-01T09:55:00.000Z',
      to: '2024-05-02T10:00:00.000Z',
    });
  });

  test('has whole seconds, since Billing’s query language knows no finer ones', () => {
    const { from, to } = syncWindow('2024-05-01T10:00:00.999999Z', at('2024-05-02T12:00:00.001Z'), {
      lagSeconds: 0,
      overlapSeconds: 0,
    });
    expect([from, to]).toEqual(['2024-05-01T10:00:00.000Z', '2024-05-02T12:00:01.000Z']);
  });

  test.each([
    ['a clock set back an hour', '2024-05-01T10:00:00Z', '2024-05-01T09:00:00Z', 0],
    ['a lag that became longer', '2024-05-01T10:00:00Z', '2024-05-01T10:30:00Z', 7_200],
  ])('does not turn around after %s, and never moves the mark back', (_what, mark, now, lagSeconds) => {
    const { from, to } = syncWindow(mark, at(now), { lagSeconds, overlapSeconds: 300 });
    expect(at(from ?? '')).toBeLessThanOrEqual(at(to));
    expect(at(to)).toBeGreaterThanOrEqual(at(mark));
  });

  test.each([
    ['spring in Berlin', '2024-03-31T00:30:00Z', '2024-03-31T01:30:00Z'],
    ['autumn in Berlin', '2024-10-27T00:30:00Z', '2024-10-27T01:30:00Z'],
    ['spring in New York', '2024-03-10T06:30:00Z', '2024-03-10T07:30:00Z'],
  ])('is an hour long over an hour in which clocks change: %s', (_where, mark, now) => {
    const { from, to } = syncWindow(mark, at(now), { lagSeconds: 0, overlapSeconds: 0 });
    expect(at(to) - at(from ?? '')).toBe(3_600_000);
  });

  test('never ends before it starts', () => {
    fc.assert(
      fc.property(instants, instants, policies, (mark, now, policy) => {
        const { from, to } = syncWindow(new Date(mark).toISOString(), now, policy);
        expect(at(from ?? '')).toBeLessThanOrEqual(at(to));
      }),
    );
  });

  test('leaves no gap: each window starts where the one before ended, or earlier', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(instants, policies), { minLength: 2, maxLength: 20 }), (runs) => {
        let mark: string | null = null;
        for (const [now, policy] of runs) {
          const { from, to } = syncWindow(mark, now, policy);
          if (mark !== null) expect(at(from ?? '')).toBeLessThanOrEqual(at(mark));
          mark = to;
        }
      }),
    );
  });

  test('never moves the mark back', () => {
    fc.assert(
      fc.property(instants, instants, policies, (mark, now, policy) => {
        const whole = Math.floor(mark / 1_000) * 1_000;
        expect(at(syncWindow(new Date(mark).toISOString(), now, policy).to)).toBeGreaterThanOrEqual(whole);
      }),
    );
  });

  test('overlaps the former window by the overlap where the clock only goes forward', () => {
    fc.assert(
      fc.property(instants, fc.nat({ max: YEAR }), policies, (first, later, policy) => {
        const { to: mark } = syncWindow(null, first, policy);
        const { from } = syncWindow(mark, first + later, policy);
        expect(at(mark) - at(from ?? '')).toBe(policy.overlapSeconds * 1_000);
      }),
    );
  });
});

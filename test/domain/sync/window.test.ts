import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { dueNote, type SyncWindow, syncWindow, type WindowPolicy } from '../../../src/domain/sync/window.ts';

const at = (text: string): number => Date.parse(text);
const NEVER_BACK = { lookBackDays: 35, lookBackEveryHours: 0 };
const POLICY = { lagSeconds: 7_200, overlapSeconds: 300, ...NEVER_BACK };

/** The window of a run whose mark is all there is. */
const windowOf = (
  highWater: string | null,
  now: number,
  policy: Pick<WindowPolicy, 'lagSeconds' | 'overlapSeconds'>,
): SyncWindow => syncWindow({ highWater, lookedBackTo: null }, now, { ...NEVER_BACK, ...policy });

const YEAR = 366 * 86_400_000;
const instants = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2020-01-01T00:00:00Z') + 10 * YEAR });
const policies = fc.record({
  lagSeconds: fc.nat({ max: 100_000 }),
  overlapSeconds: fc.nat({ max: 100_000 }),
});

describe('syncWindow', () => {
  test('is full without a mark, and stays the lag behind now', () => {
    expect(windowOf(null, at('2024-05-01T12:00:00Z'), POLICY)).toEqual({
      from: null,
      to: '2024-05-01T10:00:00.000Z',
      lookBack: true,
    });
  });

  test('starts at the mark less the overlap', () => {
    expect(windowOf('2024-05-01T10:00:00.000000Z', at('2024-05-02T12:00:00Z'), POLICY)).toEqual({
      from: '2024-05-01T09:55:00.000Z',
      to: '2024-05-02T10:00:00.000Z',
      lookBack: false,
    });
  });

  test('has whole seconds, since Billing’s query language knows no finer ones', () => {
    const { from, to } = windowOf('2024-05-01T10:00:00.999999Z', at('2024-05-02T12:00:00.001Z'), {
      lagSeconds: 0,
      overlapSeconds: 0,
    });
    expect([from, to]).toEqual(['2024-05-01T10:00:00.000Z', '2024-05-02T12:00:01.000Z']);
  });

  test.each([
    ['a clock set back an hour', '2024-05-01T10:00:00Z', '2024-05-01T09:00:00Z', 0],
    ['a lag that became longer', '2024-05-01T10:00:00Z', '2024-05-01T10:30:00Z', 7_200],
  ])('does not turn around after %s, and never moves the mark back', (_what, mark, now, lagSeconds) => {
    const { from, to } = windowOf(mark, at(now), { lagSeconds, overlapSeconds: 300 });
    expect(at(from ?? '')).toBeLessThanOrEqual(at(to));
    expect(at(to)).toBeGreaterThanOrEqual(at(mark));
  });

  test.each([
    ['spring in Berlin', '2024-03-31T00:30:00Z', '2024-03-31T01:30:00Z'],
    ['autumn in Berlin', '2024-10-27T00:30:00Z', '2024-10-27T01:30:00Z'],
    ['spring in New York', '2024-03-10T06:30:00Z', '2024-03-10T07:30:00Z'],
  ])('is an hour long over an hour in which clocks change: %s', (_where, mark, now) => {
    const { from, to } = windowOf(mark, at(now), { lagSeconds: 0, overlapSeconds: 0 });
    expect(at(to) - at(from ?? '')).toBe(3_600_000);
  });

  test('never ends before it starts', () => {
    fc.assert(
      fc.property(instants, instants, policies, (mark, now, policy) => {
        const { from, to } = windowOf(new Date(mark).toISOString(), now, policy);
        expect(at(from ?? '')).toBeLessThanOrEqual(at(to));
      }),
    );
  });

  test('leaves no gap: each window starts where the one before ended, or earlier', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(instants, policies), { minLength: 2, maxLength: 20 }), (runs) => {
        let mark: string | null = null;
        for (const [now, policy] of runs) {
          const { from, to } = windowOf(mark, now, policy);
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
        expect(at(windowOf(new Date(mark).toISOString(), now, policy).to)).toBeGreaterThanOrEqual(whole);
      }),
    );
  });

  test('overlaps the former window by the overlap where the clock only goes forward', () => {
    fc.assert(
      fc.property(instants, fc.nat({ max: YEAR }), policies, (first, later, policy) => {
        const { to: mark } = windowOf(null, first, policy);
        const { from } = windowOf(mark, first + later, policy);
        expect(at(mark) - at(from ?? '')).toBe(policy.overlapSeconds * 1_000);
      }),
    );
  });

  describe('of a run that a schedule wanted', () => {
    const mark = { highWater: '2024-05-01T10:00:00Z', lookedBackTo: null };
    const now = at('2024-05-04T09:00:00Z');
    const dueAt = (due: string) => syncWindow(mark, now, POLICY, at(due));

    test('ends where it was due, less the lag, however late it comes to run', () => {
      expect(dueAt('2024-05-03T05:12:00Z')).toEqual({
        from: '2024-05-01T09:55:00.000Z',
        to: '2024-05-03T03:12:00.000Z',
        lookBack: false,
      });
      const late = syncWindow(mark, now + 5 * 3_600_000, POLICY, at('2024-05-03T05:12:00Z'));
      expect(late).toEqual(dueAt('2024-05-03T05:12:00Z'));
    });

    test('does not read ahead of the clock that is behind', () => {
      expect(dueAt('2024-05-04T09:00:02Z').to).toBe('2024-05-04T07:00:00.000Z');
    });

    test('is full up to where it was due without a mark', () => {
      const first = syncWindow(
        { highWater: null, lookedBackTo: null },
        now,
        POLICY,
        at('2024-01-01T05:00:00Z'),
      );
      expect(first).toEqual({ from: null, to: '2024-01-01T03:00:00.000Z', lookBack: true });
    });

    test('reads the overlap and leaves the mark when it was due before that', () => {
      expect(dueAt('2024-03-01T05:00:00Z')).toEqual({
        from: '2024-05-01T09:55:00.000Z',
        to: '2024-05-01T10:00:00.000Z',
        lookBack: false,
      });
    });

    test('joins the one before and the one after, in whatever order they were due', () => {
      fc.assert(
        fc.property(fc.array(instants, { minLength: 2, maxLength: 20 }), policies, (dues, policy) => {
          const latest = Math.max(...dues);
          let highWater: string | null = null;
          for (const due of dues) {
            const { from, to } = syncWindow(
              { highWater, lookedBackTo: null },
              latest,
              { ...NEVER_BACK, ...policy },
              due,
            );
            if (highWater !== null) {
              expect(at(from ?? '')).toBeLessThanOrEqual(at(highWater));
              expect(at(to)).toBeGreaterThanOrEqual(at(highWater));
            }
            highWater = to;
          }
          expect(at(highWater ?? '')).toBe(at(windowOf(null, latest, policy).to));
        }),
      );
    });

    test('is said with when it was due, and that earlier runs had read that', () => {
      const due = '2024-05-03T05:12:00.000Z';
      expect(dueNote(due, '2024-05-03T03:12:00.000Z', POLICY)).toBe(`due at ${due}`);
      expect(dueNote(due, '2024-05-03T03:11:00.000Z', POLICY)).toBe(`due at ${due}`);
      expect(dueNote(due, '2024-05-03T03:13:00.000Z', POLICY)).toContain('earlier runs had read already');
    });
  });

  describe('looking back, for fields that change without touching UpdatedDate', () => {
    const highWater = '2024-05-08T10:00:00Z';
    const weekly = { lagSeconds: 0, overlapSeconds: 300, lookBackDays: 35, lookBackEveryHours: 168 };
    const now = at('2024-05-08T12:00:00Z');

    test.each([
      ['a week has passed', '2024-05-01T12:00:00Z'],
      ['no run has ever looked back', null],
    ])('reads as many days further as the policy says when %s', (_when, lookedBackTo) => {
      expect(syncWindow({ highWater, lookedBackTo }, now, weekly)).toEqual({
        from: '2024-04-03T12:00:00.000Z',
        to: '2024-05-08T12:00:00.000Z',
        lookBack: true,
      });
    });

    test('is not due before', () => {
      const mark = { highWater, lookedBackTo: '2024-05-01T12:00:01Z' };
      expect(syncWindow(mark, now, weekly)).toMatchObject({
        from: '2024-05-08T09:55:00.000Z',
        lookBack: false,
      });
    });

    test('never reads less than the mark asks for, however few days are to be looked back', () => {
      const mark = { highWater: '2024-01-01T00:00:00Z', lookedBackTo: null };
      expect(syncWindow(mark, now, weekly).from).toBe('2023-12-31T23:55:00.000Z');
    });

    test('reads from the beginning with 0 days', () => {
      const mark = { highWater, lookedBackTo: null };
      expect(syncWindow(mark, now, { ...weekly, lookBackDays: 0 })).toMatchObject({
        from: null,
        lookBack: true,
      });
    });

    test('is never due with 0 hours', () => {
      const mark = { highWater, lookedBackTo: null };
      expect(syncWindow(mark, now, { ...weekly, lookBackEveryHours: 0 }).lookBack).toBe(false);
    });
  });
});

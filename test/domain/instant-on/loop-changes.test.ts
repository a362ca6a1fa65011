import { describe, expect, test } from 'vitest';

import * as changes from '../../../src/domain/instant-on/loop-changes.ts';
import { LoopState } from '../../../src/domain/instant-on/loop-state.ts';

const NOW = Date.parse('2025-03-01T12:00:00Z');
const START = LoopState.parse({});
const completed = { runId: 'r1', outcome: 'completed', message: null, remedy: null };
const failed = { runId: 'r2', outcome: 'failed', message: 'Billing was away.', remedy: 'Wait.' };

describe('what happens to a loop', () => {
  test('a run that completed is counted and ends a row of failures', () => {
    const twice = changes.ended(changes.ended(START, failed, NOW), failed, NOW);
    expect(twice).toMatchObject({
      runs: 0,
      failed: 2,
      failuresInARow: 2,
      lastRun: { message: 'Billing was away.' },
    });
    const after = changes.ended(twice, completed, NOW);
    expect(after).toMatchObject({ runs: 1, nothingToDo: 0, failed: 2, failuresInARow: 0 });
    const idle = changes.ended(after, { ...completed, outcome: 'nothing-to-do' }, NOW);
    expect(idle).toMatchObject({ runs: 2, nothingToDo: 1 });
  });

  test('a second pause changes nothing about the first', () => {
    const once = changes.pausedBy(START, { by: 'ann', reason: 'month-end' }, NOW);
    expect(changes.pausedBy(once, { by: 'bob' }, NOW + 1)).toBe(once);
    expect(changes.resumed(once).paused).toBeNull();
  });

  test('an interval without seconds is that of the lookup again', () => {
    const set = changes.intervalSet(START, { seconds: 60, by: 'ann' });
    expect(set.interval).toEqual({ seconds: 60, by: 'ann' });
    expect(changes.intervalSet(set, {}).interval).toBeNull();
  });

  test('a run that was asked for stays so when another one is in its way, and looks at once', () => {
    const busy = changes.foundBusy(changes.begun(changes.askedToRun(START)), true, NOW);
    expect(busy).toMatchObject({ runNow: true, busy: { tries: 1, until: '2025-03-01T12:00:05.000Z' } });
    expect(changes.foundBusy(busy, false, NOW)).toMatchObject({ runNow: true, busy: { tries: 2 } });
    expect(changes.askedToRun(busy).busy).toBeNull();
  });

  test('keeps the last ten refusals', () => {
    const many = Array.from({ length: 12 }, (_, at) => `no ${at}`).reduce(changes.refused, START);
    expect(many.refused).toHaveLength(10);
    expect(many.refused.at(-1)).toBe('no 11');
  });

  test('a run that was asked for while Instant On is off is refused, and says why', () => {
    const off = 'The profile AUTO_REVENUESYNC is No, so Instant On is off.';
    expect(changes.turnedOff(changes.askedToRun(START), off)).toMatchObject({
      runNow: false,
      refused: [`The run that was asked for did not begin. ${off}`],
    });
    expect(changes.turnedOff(START, off)).toBe(START);
  });

  test('is small enough to be handed on, whatever was sent and said', () => {
    const long = 'x'.repeat(700_000);
    let state = changes.ended(START, { ...failed, message: long, remedy: long }, NOW);
    for (let times = 0; times < 12; times += 1) state = changes.refused(state, long);
    expect(JSON.stringify(state).length).toBeLessThan(10_000);
  });

  test('is what one history hands to the next, as JSON', () => {
    const state = changes.ended(changes.pausedBy(START, {}, NOW), failed, NOW);
    expect(LoopState.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });
});

import { describe, expect, test } from 'vitest';

import type { LoopSettings } from '../../../src/domain/instant-on/loop-settings.ts';
import { type LastRun, LoopState } from '../../../src/domain/instant-on/loop-state.ts';
import { busyPause, nextMove } from '../../../src/domain/instant-on/next-move.ts';

const NOW = Date.parse('2025-03-01T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (later: number): string => new Date(NOW + later).toISOString();

const state = (change: Partial<LoopState> = {}): LoopState => ({ ...LoopState.parse({}), ...change });
const settings = (change: Partial<LoopSettings> = {}): LoopSettings => ({
  on: true,
  off: null,
  from: null,
  seconds: 30,
  secondsFrom: 'default',
  ...change,
});
const endedAt = (later: number): LastRun => ({
  runId: 'r',
  outcome: 'completed',
  endedAt: at(later),
  message: null,
  remedy: null,
});
const move = (change: Partial<LoopState>, set: Partial<LoopSettings> | null = {}) =>
  nextMove(state(change), set && settings(set), NOW);

const PAUSED = { since: at(-HOUR), by: null, reason: null };
const STUCK = { failuresInARow: 6, lastRun: endedAt(-HOUR) };

describe('the next move of a loop', () => {
  test('is to read its settings, then to run', () => {
    expect(move({}, null)).toEqual({ kind: 'read' });
    expect(move({})).toEqual({ kind: 'run' });
  });

  test('is to rest until the interval after the end of the last run is over', () => {
    expect(move({ lastRun: endedAt(-10_000) })).toMatchObject({ kind: 'resting', due: NOW + 20_000 });
    expect(move({ lastRun: endedAt(-30_000) })).toEqual({ kind: 'run' });
  });

  test('looks at the settings every hour of a long rest', () => {
    const long = { lastRun: endedAt(0), interval: { seconds: 36_000, by: null } };
    expect(move(long)).toEqual({ kind: 'resting', due: NOW + 10 * HOUR, wake: NOW + HOUR });
  });

  test.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [4, 8],
    [5, 16],
  ])('after %i failures in a row is to try again in %i minutes', (failuresInARow, minutes) => {
    const failed = { failuresInARow, lastRun: endedAt(0) };
    expect(move(failed, null)).toMatchObject({ kind: 'backing-off', due: NOW + minutes * MINUTE });
    expect(nextMove(state(failed), settings({ seconds: 86_400 }), NOW + minutes * MINUTE)).toEqual({
      kind: 'run',
    });
  });

  test('after six is to wait for a person, until a run is asked for', () => {
    expect(move(STUCK, null)).toMatchObject({ kind: 'stuck', wake: null });
    expect(move({ ...STUCK, runNow: true })).toEqual({ kind: 'run' });
  });

  test('while it is paused is to wait, until a run is asked for', () => {
    expect(move({ paused: PAUSED }, null)).toMatchObject({ kind: 'paused', wake: null });
    expect(move({ paused: PAUSED, runNow: true })).toEqual({ kind: 'run' });
  });

  test('while Instant On is off is to look again in ten minutes, whoever asked for a run', () => {
    for (const runNow of [false, true]) {
      expect(move({ runNow }, { on: false })).toEqual({ kind: 'off', due: null, wake: NOW + 10 * MINUTE });
    }
  });

  test('before the first date is to wait for it, a day at most', () => {
    expect(move({}, { from: at(HOUR) })).toEqual({ kind: 'before-start', due: NOW + HOUR, wake: NOW + HOUR });
    expect(move({}, { from: at(72 * HOUR) })).toMatchObject({ due: NOW + 72 * HOUR, wake: NOW + 24 * HOUR });
    expect(move({ runNow: true }, { from: at(HOUR) })).toEqual({ kind: 'run' });
    expect(move({}, { from: at(-HOUR) })).toEqual({ kind: 'run' });
  });

  test('while another run is under way is to look again, also when one is asked for', () => {
    const busy = { tries: 1, until: at(5_000) };
    expect(move({ busy, runNow: true })).toEqual({ kind: 'busy', due: NOW + 5_000, wake: NOW + 5_000 });
    expect(move({ busy: { tries: 1, until: at(0) } })).toEqual({ kind: 'run' });
    expect([1, 2, 3, 4, 5, 50].map(busyPause)).toEqual([5_000, 10_000, 20_000, 40_000, MINUTE, MINUTE]);
  });
});

import { describe, expect, test } from 'vitest';

import { LoopState } from '../../../src/domain/instant-on/loop-state.ts';
import { type Looked, loopView } from '../../../src/domain/instant-on/loop-view.ts';

const SETTINGS = { on: true, off: null, from: null, seconds: 30, secondsFrom: 'default' } as const;
const START = LoopState.parse({});
const DUE = Date.parse('2025-03-01T12:00:00Z');

const view = (change: Partial<Looked>) =>
  loopView({
    entity: 'emea',
    state: START,
    settings: SETTINGS,
    move: { kind: 'run' },
    aborted: null,
    ...change,
  });

describe('the view of a loop', () => {
  test('says when the next run begins, and where its interval comes from', () => {
    const resting = view({ move: { kind: 'resting', due: DUE, wake: DUE } });
    expect(resting).toMatchObject({
      subject: 'Instant On emea',
      status: 'resting',
      now: 'The next run begins at 2025-03-01T12:00:00.000Z.',
      next: '2025-03-01T12:00:00.000Z',
      interval: { seconds: 30, from: 'default' },
      awaiting: null,
    });
    const state = { ...START, interval: { seconds: 60, by: 'ann' } };
    expect(view({ state, settings: null }).interval).toEqual({ seconds: 60, from: 'setInterval by ann' });
    expect(view({ settings: null }).interval).toBeNull();
  });

  test('asks for what only a person can do, in the shape of a waiting run', () => {
    const off = view({
      settings: { ...SETTINGS, on: false, off: 'The profile AUTO_REVENUESYNC is No, so Instant On is off.' },
      move: { kind: 'off', due: null, wake: DUE },
    });
    expect(off).toMatchObject({
      status: 'waiting',
      awaiting: { step: 'settings', example: { update: 'resume' } },
    });
    const lastRun = {
      runId: 'r',
      outcome: 'failed',
      endedAt: '2025-03-01T12:00:00.000Z',
      message: 'No.',
      remedy: null,
    };
    const stuck = view({
      state: { ...START, failuresInARow: 6, lastRun },
      move: { kind: 'stuck', due: null, wake: null },
    });
    expect(stuck.awaiting).toMatchObject({
      step: 'run',
      message: '6 runs of emea failed in a row, the last one: No.',
      remedy: expect.stringContaining('retry'),
      skip: null,
    });
  });

  test('says during a run what follows it', () => {
    const paused = { since: '2025-03-01T12:00:00.000Z', by: 'ann', reason: null };
    expect(view({ state: { ...START, paused, runNow: true } }).now).toBe(
      'A run is under way; another one follows at once; paused after it.',
    );
  });

  test('waits for nobody once it was ended', () => {
    const ended = view({ move: { kind: 'stuck', due: null, wake: null }, aborted: 'go-live is put off' });
    expect(ended).toMatchObject({ status: 'aborted', awaiting: null, now: 'Ended: go-live is put off.' });
  });
});

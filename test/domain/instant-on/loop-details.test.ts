import { describe, expect, test } from 'vitest';

import { loopDetails } from '../../../src/domain/instant-on/loop-details.ts';
import { LoopState } from '../../../src/domain/instant-on/loop-state.ts';
import { loopView } from '../../../src/domain/instant-on/loop-view.ts';

const RUN = {
  runId: 'r',
  outcome: 'failed',
  endedAt: '2025-03-01T12:00:00.000Z',
  message: 'a <b> | c',
  remedy: null,
};
const SETTINGS = { on: true, off: null, from: null, seconds: 30, secondsFrom: 'default' } as const;

const details = (state: Partial<LoopState>, kind: 'run' | 'stuck') =>
  loopDetails(
    loopView({
      entity: 'emea',
      settings: SETTINGS,
      state: { ...LoopState.parse({}), ...state },
      move: kind === 'run' ? { kind } : { kind, due: null, wake: null },
      aborted: null,
    }),
  );

describe('the current details of a loop', () => {
  test('name the page of the run under way', () => {
    expect(details({}, 'run')).toContain('](/namespaces/{namespace}/workflows/revenue-sync%2Femea)');
  });

  test('begin with what is awaited, with the button and its JSON', () => {
    const text = details({ failuresInARow: 6, lastRun: RUN }, 'stuck');
    expect(text).toMatch(/^\*\*Waiting for you\.\*\*/);
    expect(text).toContain('*Send an Update* → `retry` with `{}`');
  });

  test('escape what came from elsewhere, and show the last messages that were refused', () => {
    const text = details({ lastRun: RUN, refused: ['1', '2', '3', 'no <i>'] }, 'run');
    expect(text).toContain('a &lt;b&gt; \\| c');
    expect(text.match(/- refused: .*/g)).toEqual(['- refused: 2', '- refused: 3', '- refused: no &lt;i&gt;']);
  });

  test('fit on a page', () => {
    const refused = Array.from({ length: 10 }, () => 'x'.repeat(3_000));
    const lastRun = { ...RUN, message: 'y'.repeat(9_000) };
    expect(details({ failuresInARow: 6, lastRun, refused }, 'stuck').length).toBeLessThan(2_500);
  });
});

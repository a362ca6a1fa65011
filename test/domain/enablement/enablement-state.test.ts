import { describe, expect, test } from 'vitest';

import * as changes from '../../../src/domain/enablement/enablement-changes.ts';
import {
  newEnablement,
  nextStep,
  stepIn,
  unmetGates,
} from '../../../src/domain/enablement/enablement-state.ts';
import { STEP_NUMBERS, type StepNumber } from '../../../src/domain/enablement/step.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const ends = { kind: 'done', note: 'is done', evidence: {} } as const;
const doneUpTo = (last: StepNumber) =>
  STEP_NUMBERS.filter((step) => step <= last).reduce(
    (state, step) => changes.finished(state, step, ends, NOW),
    newEnablement(),
  );

describe('an enablement', () => {
  test('begins with the first step, and knows which conditional ones apply only later', () => {
    const state = newEnablement();
    expect(nextStep(state)).toBe(1);
    expect(state.steps.filter(({ applies }) => applies === null).map(({ step }) => step)).toEqual([
      2, 5, 8, 9,
    ]);
  });

  test('goes from step to step, and has none after the last', () => {
    for (const step of STEP_NUMBERS) expect(nextStep(doneUpTo(step))).toBe(step === 11 ? null : step + 1);
  });

  test('does not begin a step before its gates are at their end, however they ended', () => {
    expect(unmetGates(newEnablement(), 4)).toEqual([2]);
    const notApplicable = { ...ends, kind: 'not-applicable' } as const;
    expect(unmetGates(changes.finished(newEnablement(), 2, notApplicable, NOW), 4)).toEqual([]);
    expect(unmetGates(changes.failed(newEnablement(), 2, { message: 'x', remedy: 'y' }, NOW), 4)).toEqual([
      2,
    ]);
    const skipped = changes.skipped(doneUpTo(4), 5, { reason: 'none', by: null }, NOW);
    expect(unmetGates(skipped, 6)).toEqual([]);
  });

  test('goes back to a step that is done again, with what rests on it, and no further', () => {
    const again = changes.begunAgain(doneUpTo(7), 5, { reason: 'other fields', by: 'ann' }, NOW);
    expect(nextStep(again)).toBe(5);
    const open = again.steps.filter(({ status }) => status === 'pending').map(({ step }) => step);
    expect(open).toEqual([5, 6, 8, 9, 10, 11]);
    expect(stepIn(changes.finished(again, 5, ends, NOW), 5).by).toBe('ann');
  });

  test('tells who answered what, also where something else was done again meanwhile', () => {
    const atWork = changes.answered(doneUpTo(9), 10, 'ann');
    const again = changes.begunAgain(atWork, 5, { reason: 'other fields', by: 'bob' }, NOW);
    expect(stepIn(again, 10).status).toBe('pending');
    const ended = ([5, 6, 10] as const).reduce(
      (next, step) => changes.finished(next, step, ends, NOW),
      again,
    );
    expect(([5, 6, 10] as const).map((step) => stepIn(ended, step).by)).toEqual(['bob', 'revsync', 'ann']);
  });

  test('does not call it its own doing when a person does not say who it was', () => {
    const answered = changes.answered(doneUpTo(3), 4, null);
    expect(stepIn(changes.finished(answered, 4, ends, NOW), 4).by).toBeNull();
    expect(stepIn(changes.finished(doneUpTo(3), 4, ends, NOW), 4).by).toBe('revsync');
  });

  const asks = (message: string) => ({ kind: 'ask', message, remedy: '', value: {}, polls: false }) as const;
  const LATER = '2026-01-05T00:00:00.000Z';

  test('is awaited since it was asked the same for the first time, whatever was looked at meanwhile', () => {
    const asked = changes.asked(doneUpTo(6), 7, asks('A ticket.'), NOW);
    const reminded = changes.waitingOtherwise(asked, { reminders: 2 });
    const again = changes.asked(changes.begun(reminded, 7), 7, asks('A ticket.'), LATER);
    expect(again.awaited).toMatchObject({ since: NOW, reminders: 2 });
    const amended = changes.begunAgain(reminded, 3, { reason: 'x', by: null }, LATER);
    expect(changes.asked(amended, 7, asks('A ticket.'), LATER).awaited).toMatchObject({ since: NOW });
    const other = changes.asked(changes.begun(reminded, 7), 7, asks('Its resolution.'), LATER);
    expect(other.awaited).toMatchObject({ since: LATER, reminders: 0 });
    const answered = changes.answered(reminded, 7, 'ann');
    expect(changes.asked(answered, 7, asks('A ticket.'), LATER).awaited).toMatchObject({ since: LATER });
  });

  test('keeps what was answered early with what it was before', () => {
    const answer = (value: object) =>
      ({ kind: 'answer', value: { ...value }, note: null, by: 'ann' }) as const;
    const first = changes.kept(newEnablement(), 8, answer({ schedule: 'off' }), NOW);
    const second = changes.kept(first, 8, answer({ schedule: 'daily' }), NOW);
    expect(second.events.map(({ before, after }) => [before, after])).toEqual([
      [null, { schedule: 'off' }],
      [{ schedule: 'off' }, { schedule: 'daily' }],
    ]);
    const long = changes.kept(newEnablement(), 2, answer({ mapping: 'x'.repeat(5_000) }), NOW);
    expect(long.events[0]?.after).toEqual({ characters: '5014' });
  });

  test('forgets refused messages before all else while the database is not told', () => {
    const kept = changes.kept(newEnablement(), 8, { kind: 'skip', reason: 'x', by: null }, NOW);
    const state = Array.from({ length: 300 }, (_, at) => String(at)).reduce(
      (before, text) => changes.refused(before, text, NOW),
      kept,
    );
    expect(state.events).toHaveLength(100);
    expect(state.events[0]?.kind).toBe('kept');
    expect(state.events.at(-1)?.text).toBe('299');
  });

  test('tells the database every event once, also those that came while it was told', () => {
    const first = changes.refused(newEnablement(), 'one', NOW);
    const meanwhile = changes.refused(first, 'two', NOW);
    expect(changes.recorded(meanwhile, first.events).events.map(({ text }) => text)).toEqual(['two']);
  });

  test('stays small however many messages are refused', () => {
    const state = Array.from({ length: 500 }, (_, at) => `${at} ${'x'.repeat(2_000)}`).reduce(
      (before, text) => changes.refused(before, text, NOW),
      newEnablement(),
    );
    expect(state.refused).toHaveLength(10);
    expect(state.refused.at(-1)?.startsWith('499 ')).toBe(true);
    expect(JSON.stringify(state).length).toBeLessThan(80_000);
  });
});

import { describe, expect, test } from 'vitest';

import { answersLeft } from '../../../src/cli/enable/answers-left.ts';
import { sendAnswers } from '../../../src/cli/enable/send-answers.ts';
import type { Standing } from '../../../src/cli/enable/standing.ts';
import { readAnswers } from '../../../src/domain/enablement/answers-file.ts';
import type { StepNumber } from '../../../src/domain/enablement/step.ts';
import type { AwaitingView } from '../../../src/domain/enablement/view.ts';
import { AWAITING, viewOf } from '../../support/opened-enablement.ts';

const asks = (step: StepNumber, update: 'answer' | 'retry' = 'answer'): Standing => {
  const example = { update, data: { step, value: { approve: true }, by: '...' } };
  const awaiting: AwaitingView = { ...AWAITING, step, example };
  return { stands: 'waiting', view: viewOf('waiting', {}, { awaiting }) };
};
const ENDED: Standing = { stands: 'ended', failure: null };

function prepared(answers: object, by = 'ann') {
  const read = readAnswers({ by, answers });
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes));
  return read.prepared;
}

/** An enablement that comes to these stands one after the other, and refuses some steps. */
function enablement(stands: readonly Standing[], refused: Readonly<Record<number, string>> = {}) {
  const sent: [string, object][] = [];
  let at = 0;
  return {
    sent,
    untilItStands: async () => stands[at++] ?? ENDED,
    send: async (update: 'answer' | 'skip', message: object) => {
      sent.push([update, message]);
      return refused['step' in message ? Number(message.step) : 0] ?? null;
    },
  };
}

const ANSWERS = { '1': { resolved: true }, '6': { approve: true }, '7': { skip: true, reason: 'Later.' } };

describe('answers of a file', () => {
  test('are sent when their step asks, to the end', async () => {
    const one = enablement([asks(1), asks(7), asks(6), ENDED]);
    expect(await sendAnswers(prepared(ANSWERS), one)).toEqual({
      standing: ENDED,
      answered: ['1', '7', '6'],
      refusal: null,
    });
    expect(one.sent).toEqual([
      ['answer', { step: 1, value: { resolved: true }, by: 'ann' }],
      ['skip', { step: 7, reason: 'Later.', by: 'ann' }],
      ['answer', { step: 6, value: { approve: true }, by: 'ann' }],
    ]);
  });

  const BY_ITSELF = { status: 'skipped', by: 'revsync' } as const;
  const left = (sent: Partial<Parameters<typeof answersLeft>[1]>, steps: Parameters<typeof viewOf>[1]) =>
    answersLeft(prepared(ANSWERS), { answered: [], refusal: null, ...sent }, viewOf('waiting', steps).steps);

  test('that nobody asked for are ignored, and those of steps to come are not sent', () => {
    const steps = { 1: BY_ITSELF, 6: { status: 'waiting' }, 7: { status: 'pending' } } as const;
    expect(left({}, steps)).toEqual({ ignored: ['1'], notSent: ['6', '7'] });
    expect(left({ answered: ['6'] }, steps)).toEqual({ ignored: ['1'], notSent: ['7'] });
    expect(left({ refusal: { step: '6', message: 'no' } }, steps)).toEqual({
      ignored: ['1'],
      notSent: ['7'],
    });
  });

  test('that a file is sent again with are in no list; those of a step that somebody skipped are ignored', () => {
    const steps = {
      1: { status: 'done', by: 'ann' },
      6: BY_ITSELF,
      7: { status: 'skipped', by: 'ann' },
    } as const;
    expect(left({}, steps)).toEqual({ ignored: ['6'], notSent: [] });
    expect(left({}, { ...steps, 1: { status: 'skipped', by: 'bob' } })).toMatchObject({
      ignored: ['1', '6'],
    });
  });

  test('end where something else is asked', async () => {
    const one = enablement([asks(1), asks(5), asks(6)]);
    const result = await sendAnswers(prepared(ANSWERS), one);
    expect(result).toMatchObject({ standing: asks(5), answered: ['1'], refusal: null });
    expect(one.sent).toHaveLength(1);
  });

  test('are sent once: a step that still asks wants something else', async () => {
    const one = enablement([asks(1), asks(1), asks(6)]);
    expect(await sendAnswers(prepared(ANSWERS), one)).toMatchObject({ standing: asks(1), answered: ['1'] });
    expect(one.sent).toHaveLength(1);
  });

  test('end with the first that is refused', async () => {
    const one = enablement([asks(1), asks(6), asks(7)], { 6: 'step 6: no. Send {"step":6}' });
    expect(await sendAnswers(prepared(ANSWERS), one)).toMatchObject({
      answered: ['1'],
      refusal: { step: '6', message: 'step 6: no. Send {"step":6}' },
    });
  });

  test('mend no step that failed, and no workflow below', async () => {
    const failed = enablement([asks(6, 'retry')]);
    expect(await sendAnswers(prepared(ANSWERS), failed)).toMatchObject({ standing: asks(6, 'retry') });
    const awaiting = {
      step: 'extract',
      message: 'm',
      remedy: 'r',
      example: { update: 'retry', data: {} },
      skip: null,
    };
    const below: Standing = {
      stands: 'below',
      view: viewOf('running'),
      below: { workflowId: 'revenue-sync/demo', awaiting },
    };
    expect(await sendAnswers(prepared(ANSWERS), enablement([below]))).toMatchObject({ standing: below });
    expect(failed.sent).toEqual([]);
  });

  test('may be taken from what is proposed', async () => {
    const one = enablement([asks(4), asks(6), ENDED]);
    const otherwise = ({ step }: AwaitingView) =>
      step === 4 ? ({ kind: 'answer', value: { approve: true } } as const) : undefined;
    expect(await sendAnswers(prepared({ '6': { approve: true } }), { ...one, otherwise })).toMatchObject({
      answered: ['4', '6'],
      standing: ENDED,
    });
  });
});

import { describe, expect, test } from 'vitest';

import { answersLeft } from '../../../src/cli/enable/answers-left.ts';
import { sendAnswers } from '../../../src/cli/enable/send-answers.ts';
import type { Standing } from '../../../src/cli/enable/standing.ts';
import { readAnswers } from '../../../src/domain/enablement/answers-file.ts';
import type { StepNumber } from '../../../src/domain/enablement/step.ts';
import type { AwaitingView, EnablementView, StepView } from '../../../src/domain/enablement/view.ts';
import { AWAITING, viewOf } from '../../support/opened-enablement.ts';

type Steps = Partial<Record<StepNumber, Partial<StepView>>>;

const asks = (step: StepNumber, update: 'answer' | 'retry' = 'answer'): Standing => {
  const example = { update, data: { step, value: { approve: true }, by: '...' } };
  const awaiting: AwaitingView = { ...AWAITING, step, example };
  const over = viewOf('waiting').steps.filter((each) => each.step < step);
  const steps: Steps = Object.fromEntries(over.map((each) => [each.step, { status: 'done' }]));
  const status = update === 'answer' ? 'waiting' : 'failed';
  return { stands: 'waiting', view: viewOf('waiting', { ...steps, [step]: { status } }, { awaiting }) };
};
const ENDED: Standing = { stands: 'ended', failure: null };

function prepared(answers: object, by = 'ann') {
  const read = readAnswers({ by, answers });
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes));
  return read.prepared;
}

interface Pretended {
  /** Steps that refuse whatever they are sent, and why. */
  readonly refused?: Readonly<Record<number, string>>;
  /** Steps whose answers came early. */
  readonly kept?: readonly StepNumber[];
}

/**
 * An enablement that comes to these stands one after the other: it goes on when the step that asks took an answer, and
 * keeps what is sent to other steps; those ask nobody then.
 */
function enablement(stands: readonly Standing[], { refused = {}, kept: before = [] }: Pretended = {}) {
  const sent: [string, object][] = [];
  const kept = new Set<number>(before);
  let at = 0;
  const current = (): Standing => {
    const standing = stands[at] ?? ENDED;
    if (standing.stands === 'ended') return standing;
    const { view } = standing;
    return {
      ...standing,
      view: { ...view, kept: view.steps.map(({ step }) => step).filter((step) => kept.has(step)) },
    };
  };
  const asked = (): number | undefined => {
    const standing = current();
    return standing.stands === 'waiting' ? standing.view.awaiting?.step : undefined;
  };
  return {
    sent,
    untilItStands: async () => {
      for (let step = asked(); step !== undefined && kept.delete(step); step = asked()) at += 1;
      return current();
    },
    send: async (update: 'answer' | 'skip', message: { readonly step?: number }) => {
      sent.push([update, message]);
      const { step = 0 } = message;
      if (refused[step] !== undefined) return refused[step];
      if (step === asked()) at += 1;
      else kept.add(step);
      return null;
    },
  };
}

const ANSWERS = { '1': { resolved: true }, '6': { approve: true }, '7': { skip: true, reason: 'Later.' } };
const TO_1 = ['answer', { step: 1, value: { resolved: true }, by: 'ann' }];
const TO_6 = ['answer', { step: 6, value: { approve: true }, by: 'ann' }];
const TO_7 = ['skip', { step: 7, reason: 'Later.', by: 'ann' }];

describe('answers of a file', () => {
  test('are sent when their step asks, to the end', async () => {
    const one = enablement([asks(1), asks(6), asks(7), ENDED]);
    expect(await sendAnswers(prepared(ANSWERS), one)).toEqual({
      standing: ENDED,
      answered: ['1', '6', '7'],
      early: [],
      refusal: null,
    });
    expect(one.sent).toEqual([TO_1, TO_6, TO_7]);
  });

  test('end where something else is asked; those of steps to come are kept', async () => {
    const one = enablement([asks(1), asks(5), asks(6)]);
    const result = await sendAnswers(prepared(ANSWERS), one);
    expect(result).toMatchObject({ answered: ['1'], early: ['6', '7'], refusal: null });
    expect(result.standing).toMatchObject({ view: { awaiting: { step: 5 }, kept: [6, 7] } });
    expect(one.sent).toEqual([TO_1, TO_6, TO_7]);
  });

  test('are sent once: a step that still asks wants something else', async () => {
    const one = enablement([asks(1), asks(1), asks(6)]);
    const result = await sendAnswers(prepared(ANSWERS), one);
    expect(result).toMatchObject({ answered: ['1'], early: ['6', '7'], refusal: null });
    expect(result.standing).toMatchObject({ view: { awaiting: { step: 1 } } });
    expect(one.sent).toEqual([TO_1, TO_6, TO_7]);
  });

  test('end with the first that is refused; the later ones are kept', async () => {
    const message = 'step 6: no. Send {"step":6}';
    const one = enablement([asks(1), asks(6), asks(7)], { refused: { 6: message } });
    expect(await sendAnswers(prepared(ANSWERS), one)).toMatchObject({
      answered: ['1'],
      early: ['7'],
      refusal: { step: '6', message },
    });
    expect(one.sent).toEqual([TO_1, TO_6, TO_7]);
  });

  test('take the place of what is kept before the steps before that are answered', async () => {
    const one = enablement([asks(1), asks(7), ENDED], { kept: [7, 10] });
    expect(await sendAnswers(prepared(ANSWERS), one)).toMatchObject({
      standing: ENDED,
      answered: ['1'],
      early: ['7'],
    });
    expect(one.sent).toEqual([TO_7, TO_1]);
  });

  test('that are not even kept are told as refused, once the step did not go on meanwhile', async () => {
    const pending = enablement([asks(1)], { refused: { 6: 'too long', 7: 'no' } });
    const { '1': _, ...later } = ANSWERS;
    expect(await sendAnswers(prepared(later), pending)).toMatchObject({
      early: [],
      refusal: { step: '6', message: 'too long' },
    });
    const stands = [asks(1), asks(7)];
    const goesOn = { ...pending, untilItStands: async () => stands.shift() ?? ENDED };
    expect(await sendAnswers(prepared({ '6': { approve: true } }), goesOn)).toMatchObject({
      early: [],
      refusal: null,
    });
  });

  test('mend no step that failed, and no workflow below; those of steps to come are kept', async () => {
    const failed = enablement([asks(6, 'retry')]);
    expect(await sendAnswers(prepared(ANSWERS), failed)).toMatchObject({ answered: [], early: ['7'] });
    expect(failed.sent).toEqual([TO_7]);
    const awaiting = {
      step: 'extract',
      message: 'm',
      remedy: 'r',
      example: { update: 'retry', data: {} },
      skip: null,
    };
    const below: Standing = {
      stands: 'below',
      view: viewOf('running', { 1: { status: 'done' }, 6: { status: 'running' } }),
      below: { workflowId: 'revenue-sync/demo', awaiting },
    };
    const working = enablement([below]);
    expect(await sendAnswers(prepared(ANSWERS), working)).toMatchObject({
      standing: { stands: 'below', view: { kept: [7] } },
      answered: [],
      early: ['7'],
    });
    expect(working.sent).toEqual([TO_7]);
  });

  test('may be taken from what is proposed, and kept for nobody', async () => {
    const one = enablement([asks(4), asks(6), ENDED]);
    const otherwise = ({ step }: AwaitingView) =>
      step === 4 ? ({ kind: 'answer', value: { approve: true } } as const) : undefined;
    expect(await sendAnswers(prepared({ '6': { approve: true } }), { ...one, otherwise })).toMatchObject({
      answered: ['4', '6'],
      standing: ENDED,
    });
    const stuck = enablement([asks(5)], { kept: [7] });
    expect(await sendAnswers(prepared(ANSWERS), { ...stuck, keeps: false })).toMatchObject({
      standing: { view: { kept: [7] } },
      early: [],
    });
    expect(stuck.sent).toEqual([]);
  });
});

describe('what became of the answers of a file', () => {
  const BY_ITSELF = { status: 'skipped', by: 'revsync' } as const;
  const left = (
    sent: Partial<Parameters<typeof answersLeft>[1]>,
    steps: Steps,
    kept: EnablementView['kept'] = [],
  ) =>
    answersLeft(
      prepared(ANSWERS),
      { answered: [], early: [], refusal: null, ...sent },
      viewOf('waiting', steps, { kept }),
    );

  test('that nobody asked for are ignored, and those of steps at work are not sent', () => {
    const steps = { 1: BY_ITSELF, 6: { status: 'running' }, 7: { status: 'failed' } } as const;
    expect(left({}, steps)).toEqual({ taken: [], ignored: ['1'], notSent: ['6', '7'] });
    expect(left({ answered: ['6'] }, steps)).toMatchObject({ ignored: ['1'], notSent: ['7'] });
    expect(left({ refusal: { step: '6', message: 'no' } }, steps)).toMatchObject({
      ignored: ['1'],
      notSent: ['7'],
    });
  });

  test('that are kept are in no list until their steps took them, or ended without', () => {
    const pending = { 1: { status: 'done', by: 'ann' } } as const;
    expect(left({ early: ['6', '7'] }, pending, [6, 7])).toEqual({ taken: [], ignored: [], notSent: [] });
    const later = { ...pending, 6: { status: 'running' }, 7: { status: 'pending' } } as const;
    expect(left({ early: ['6', '7'] }, later, [7])).toEqual({ taken: ['6'], ignored: [], notSent: [] });
    const over = { ...pending, 6: BY_ITSELF, 7: { status: 'skipped', by: 'ann' } } as const;
    expect(left({ early: ['6', '7'] }, over)).toEqual({ taken: ['7'], ignored: ['6'], notSent: [] });
  });

  test('that a file is sent again with are in no list; those of a step that somebody skipped are ignored', () => {
    const steps = {
      1: { status: 'done', by: 'ann' },
      6: BY_ITSELF,
      7: { status: 'skipped', by: 'ann' },
    } as const;
    expect(left({}, steps)).toEqual({ taken: [], ignored: ['6'], notSent: [] });
    expect(left({}, { ...steps, 1: { status: 'skipped', by: 'bob' } })).toMatchObject({
      ignored: ['1', '6'],
    });
  });

  test('that a person gave without a name are not ignored', () => {
    const steps = { 1: { status: 'done', by: null }, 6: { status: 'done', by: null } } as const;
    expect(left({}, steps)).toMatchObject({ ignored: [] });
  });
});

import { describe, expect, test } from 'vitest';

import { demoAnswers, proposedAnswer } from '../../../src/cli/enable/demo-answers.ts';
import { AWAITING } from '../../support/opened-enablement.ts';

describe('the answers of the demo', () => {
  test('fit the steps, and leave the later runs to whoever tries it', () => {
    const { by, answers } = demoAnswers();
    expect(by).toBe('demo');
    expect(answers.get(10)).toEqual({ kind: 'answer', value: { mode: 'manual' } });
    expect(answers.get(11)).toEqual({ kind: 'answer', value: { mode: 'manual' } });
  });

  test('are otherwise what the step proposes', () => {
    expect(proposedAnswer(AWAITING)).toEqual({ kind: 'answer', value: { approve: true } });
    expect(proposedAnswer({ ...AWAITING, example: { update: 'retry', data: { step: 5 } } })).toBeUndefined();
  });
});

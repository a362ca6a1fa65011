import type { PreparedAnswer, PreparedAnswers } from '../../domain/enablement/answers-file.ts';
import type { StepNumber } from '../../domain/enablement/step.ts';
import type { EnablementView } from '../../domain/enablement/view.ts';

/**
 * Answers of a file that the enablement keeps until their steps ask, in the order of the steps. A step that failed while
 * it looked at what was kept for it takes another answer at once.
 */
export const earlyAnswers = (
  { answers }: PreparedAnswers,
  { steps, kept }: EnablementView,
): (readonly [StepNumber, PreparedAnswer])[] =>
  steps.flatMap(({ step, status }) => {
    const takes = status === 'pending' || (status === 'failed' && kept.includes(step));
    const answer = takes ? answers.get(step) : undefined;
    return answer === undefined ? [] : [[step, answer] as const];
  });

/** Those of them that take the place of what somebody, maybe the same file as it was before, sent early. */
export const answersReplaced = (
  prepared: PreparedAnswers,
  view: EnablementView,
): (readonly [StepNumber, PreparedAnswer])[] =>
  earlyAnswers(prepared, view).filter(([step]) => view.kept.includes(step));

import type { PreparedAnswers } from '../../domain/enablement/answers-file.ts';
import type { StepView } from '../../domain/enablement/view.ts';
import type { AnswersSent } from './send-answers.ts';

/** Answers of a file that were not sent, by their steps. */
export interface AnswersLeft {
  /** Their steps ended without them. */
  readonly ignored: readonly string[];
  /** Their steps have not asked yet. */
  readonly notSent: readonly string[];
}

/**
 * What became of the answers of a file that were neither taken nor refused. A step that a person ended before, as the
 * same file does when it is sent again, is in neither list.
 */
export function answersLeft(
  { answers }: PreparedAnswers,
  { answered, refusal }: Pick<AnswersSent, 'answered' | 'refusal'>,
  steps: readonly StepView[],
): AnswersLeft {
  const sent = new Set([...answered, ...(refusal === null ? [] : [refusal.step])]);
  const left = steps.filter(({ step }) => answers.has(step) && !sent.has(String(step)));
  const named = (some: readonly StepView[]): string[] => some.map(({ step }) => String(step));
  const isOther = ({ step, status, by }: StepView): boolean =>
    by === 'revsync' || (status === 'skipped' && answers.get(step)?.kind !== 'skip');
  return {
    ignored: named(left.filter((each) => isOver(each) && isOther(each))),
    notSent: named(left.filter((each) => !isOver(each))),
  };
}

const isOver = ({ status }: StepView): boolean => status === 'done' || status === 'skipped';

import type { PreparedAnswers } from '../../domain/enablement/answers-file.ts';
import type { EnablementView, StepView } from '../../domain/enablement/view.ts';
import type { AnswersSent } from './send-answers.ts';

/** What became of the answers of a file that no step took when it asked, by their steps. */
export interface AnswersLeft {
  /** They were kept, and their steps came and took them. */
  readonly taken: readonly string[];
  /** Their steps ended without them. */
  readonly ignored: readonly string[];
  /** Nobody has them: their steps are at work or failed, or would not have them kept. */
  readonly notSent: readonly string[];
}

/**
 * What became of the answers of a file that were neither taken when asked nor refused. One that is kept is in no list,
 * since the view has it; nor is a step that a person ended before, as the same file does when it is sent again.
 */
export function answersLeft(
  { answers }: PreparedAnswers,
  { answered, early, refusal }: Pick<AnswersSent, 'answered' | 'early' | 'refusal'>,
  { steps, kept }: Pick<EnablementView, 'steps' | 'kept'>,
): AnswersLeft {
  const sent = new Set([...answered, ...(refusal === null ? [] : [refusal.step])]);
  const left = steps.filter(({ step }) => answers.has(step) && !sent.has(String(step)));
  const named = (some: readonly StepView[]): string[] => some.map(({ step }) => String(step));
  const isOther = ({ step, status, by }: StepView): boolean =>
    by === 'revsync' || (status === 'skipped' && answers.get(step)?.kind !== 'skip');
  const isIgnored = (each: StepView): boolean => isOver(each) && isOther(each);
  const wasEarly = ({ step }: StepView): boolean => early.includes(String(step));
  return {
    taken: named(left.filter((each) => wasEarly(each) && !kept.includes(each.step) && !isIgnored(each))),
    ignored: named(left.filter(isIgnored)),
    notSent: named(left.filter((each) => !isOver(each) && !wasEarly(each))),
  };
}

const isOver = ({ status }: StepView): boolean => status === 'done' || status === 'skipped';

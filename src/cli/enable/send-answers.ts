import type { PreparedAnswer, PreparedAnswers } from '../../domain/enablement/answers-file.ts';
import type { AwaitingView, EnablementView } from '../../domain/enablement/view.ts';
import type { Standing } from './standing.ts';

/** How the answers of a file met the questions of an enablement. */
export interface AnswersSent {
  readonly standing: Standing;
  /** Steps that took the file's answer, in that order. */
  readonly answered: readonly string[];
  /** Why an answer was refused, with the JSON that would do; null: none was. */
  readonly refusal: { readonly step: string; readonly message: string } | null;
}

export interface Correspondent {
  /** Waits until a person is awaited, or it is over. */
  readonly untilItStands: () => Promise<Standing>;
  /** Answers why the message was refused, or null. */
  readonly send: (update: 'answer' | 'skip', message: object) => Promise<string | null>;
  /** The answer to what the file says nothing of; none where left out. */
  readonly otherwise?: (question: AwaitingView) => PreparedAnswer | undefined;
}

/**
 * Sends each answer when its step asks, and only once: until the enablement is over, asks something else, has a step
 * that failed, or refuses.
 */
export async function sendAnswers(
  { by, answers }: PreparedAnswers,
  { untilItStands, send, otherwise = () => undefined }: Correspondent,
): Promise<AnswersSent> {
  const answered: string[] = [];
  const result = (standing: Standing, refusal: AnswersSent['refusal'] = null): AnswersSent => ({
    standing,
    answered,
    refusal,
  });
  for (;;) {
    const standing = await untilItStands();
    if (standing.stands !== 'waiting') return result(standing);
    const question = asked(standing.view);
    if (question === null || answered.includes(String(question.step))) return result(standing);
    const { step } = question;
    const prepared = answers.get(step) ?? otherwise(question);
    if (prepared === undefined) return result(standing);
    const refused = await send(prepared.kind, messageOf(step, prepared, by));
    if (refused !== null) return result(standing, { step: String(step), message: refused });
    answered.push(String(step));
  }
}

/** What a step asks; null where it failed, which no answer mends. */
const asked = ({ awaiting }: EnablementView): AwaitingView | null =>
  awaiting?.example.update === 'answer' ? awaiting : null;

function messageOf(step: number, prepared: PreparedAnswer, by: string | null): object {
  const who = by === null ? {} : { by };
  return prepared.kind === 'skip'
    ? { step, reason: prepared.reason, ...who }
    : { step, value: prepared.value, ...who };
}

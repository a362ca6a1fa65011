import type { PreparedAnswer, PreparedAnswers } from '../../domain/enablement/answers-file.ts';
import type { AwaitingView } from '../../domain/enablement/view.ts';
import { answersReplaced, earlyAnswers } from './early-answers.ts';
import type { Standing } from './standing.ts';

/** How the answers of a file met the questions of an enablement. */
export interface AnswersSent {
  readonly standing: Standing;
  /** Steps that took the file's answer when they asked, in that order. */
  readonly answered: readonly string[];
  /** Steps whose answers the enablement was given to keep, before they asked. */
  readonly early: readonly string[];
  /** Why an answer was refused, with the JSON that would do; null: none was. */
  readonly refusal: Refused | null;
}

export interface Refused {
  readonly step: string;
  readonly message: string;
}

export interface Correspondent {
  /** Waits until a person is awaited, or it is over. */
  readonly untilItStands: () => Promise<Standing>;
  /** Answers why the message was refused, or null. */
  readonly send: (update: 'answer' | 'skip', message: object) => Promise<string | null>;
  /** The answer to what the file says nothing of; none where left out. */
  readonly otherwise?: (question: AwaitingView) => PreparedAnswer | undefined;
  /** Whether the enablement keeps what it cannot be asked for now; it does where left out. */
  readonly keeps?: boolean;
}

/**
 * Sends each answer when its step asks, and only once: until the enablement is over, asks something else, has a step
 * that failed, or refuses. Then it has the rest kept for the steps to come. What is kept already it replaces at once,
 * since nobody is asked for that any more.
 */
export async function sendAnswers(
  prepared: PreparedAnswers,
  { untilItStands, send, otherwise = () => undefined, keeps = true }: Correspondent,
): Promise<AnswersSent> {
  const answered: string[] = [];
  const early = new Map<string, string | null>();
  const refusals: Refused[] = [];
  for (;;) {
    const standing = await untilItStands();
    const question = refusals.length === 0 ? asked(standing, answered) : null;
    const answer = question && (prepared.answers.get(question.step) ?? otherwise(question));
    const choose = answer ? answersReplaced : earlyAnswers;
    const chosen = keeps && standing.stands !== 'ended' ? choose(prepared, standing.view) : [];
    const due = chosen.filter(([step]) => !early.has(String(step)));
    for (const [step, each] of due) {
      early.set(String(step), await send(each.kind, messageOf(step, each, prepared.by)));
    }
    if (question && answer) {
      const step = String(question.step);
      const refused = await send(answer.kind, messageOf(question.step, answer, prepared.by));
      if (refused === null) answered.push(step);
      else refusals.push({ step, message: refused });
    } else if (due.length === 0) {
      const kept = [...early.keys()].filter((step) => early.get(step) === null);
      return { standing, answered, early: kept, refusal: refusals[0] ?? notKept(early, standing) };
    }
  }
}

/** What a step asks that was not answered yet; null also where it failed, which no answer mends. */
function asked(standing: Standing, answered: readonly string[]): AwaitingView | null {
  if (standing.stands !== 'waiting') return null;
  const { awaiting } = standing.view;
  const asks = awaiting?.example.update === 'answer' && !answered.includes(String(awaiting.step));
  return asks ? awaiting : null;
}

/** The first answer that was not even kept. It does not matter for a step that went on meanwhile. */
function notKept(early: ReadonlyMap<string, string | null>, standing: Standing): Refused | null {
  if (standing.stands === 'ended') return null;
  for (const { step, status } of standing.view.steps) {
    const message = early.get(String(step)) ?? null;
    if (message !== null && status === 'pending') return { step: String(step), message };
  }
  return null;
}

function messageOf(step: number, prepared: PreparedAnswer, by: string | null): object {
  const who = by === null ? {} : { by };
  return prepared.kind === 'skip'
    ? { step, reason: prepared.reason, ...who }
    : { step, value: prepared.value, ...who };
}

import {
  Abort,
  Amend,
  type AmendMessage,
  Answer,
  type AnswerMessage,
  RetryStep,
  type SkipMessage,
  SkipStep,
  SkipValue,
} from '../src/domain/enablement/enablement-messages.ts';
import {
  refusalOfAmend,
  refusalOfAnswer,
  refusalOfRetry,
  refusalOfSkip,
} from '../src/domain/enablement/enablement-refusals.ts';
import type { EnablementState } from '../src/domain/enablement/enablement-state.ts';
import type { EnablementView } from '../src/domain/enablement/view.ts';
import { type Message, takeMessage } from './take-message.ts';

/** What messages read, and where they go. What takes a look at Billing or the database ends when that is over. */
export interface EnablementMessages {
  readonly state: () => EnablementState;
  readonly view: () => EnablementView;
  /** Why nothing is taken any more; null: it is. */
  readonly over: () => string | null;
  readonly refuse: (refusal: string) => void;
  readonly answer: (message: AnswerMessage) => Promise<void>;
  readonly amend: (message: AmendMessage) => Promise<void>;
  readonly skip: (message: SkipMessage) => Promise<void>;
  readonly retry: (by: string | null) => void;
  readonly abort: (reason: string, by: string | null) => void;
}

/** Descriptions stand in a list of one line each. */
const LONGEST_EXAMPLE = 600;

/** Every message of an enablement, as an update and as a signal. Called again, it shows the JSON that is awaited now. */
export function takeEnablementMessages(messages: EnablementMessages): void {
  const { state, view, over, refuse } = messages;
  const take = <Data>(message: Message<Data>): void =>
    takeMessage(
      { ...message, refusal: (data) => over() ?? message.refusal?.(data) ?? null },
      { answer: view, refuse },
    );
  take({
    name: 'answer',
    schema: Answer,
    does: 'Answer a step; one that does not ask yet keeps the answer until it does.',
    ...awaitedExample(view()),
    refusal: (data) => refusalOfAnswer(state(), data),
    take(data) {
      const skips = SkipValue.safeParse(data.value);
      if (!skips.success) return messages.answer(data);
      return messages.skip({ step: data.step, reason: skips.data.reason, by: data.by });
    },
  });
  take({
    name: 'amend',
    schema: Amend,
    does: 'Change the answer of a step that is done; it is done again, and what rests on it.',
    refusal: (data) => refusalOfAmend(state(), data),
    take: (data) => messages.amend(data),
  });
  take({
    name: 'retry',
    schema: RetryStep,
    does: 'Look again, or try again after a failure.',
    example: '{} or {"by": "..."}',
    refusal: ({ step }) => refusalOfRetry(state(), step),
    take: ({ by }) => messages.retry(by ?? null),
  });
  take({
    name: 'skip',
    schema: SkipStep,
    does: 'Go on without a step that may be skipped: 5, 7, 8, 9.',
    example: '{"step": 7, "reason": "...", "by": "..."}',
    refusal: ({ step }) => refusalOfSkip(state(), step),
    take: (data) => messages.skip(data),
  });
  take({
    name: 'abort',
    schema: Abort,
    does: 'Give the enablement up; what it did stays.',
    take: ({ reason, by }) => messages.abort(reason, by ?? null),
  });
}

function awaitedExample({ awaiting }: EnablementView): { readonly example?: string } {
  if (awaiting?.example.update !== 'answer') return {};
  const example = JSON.stringify(awaiting.example.data);
  return example.length > LONGEST_EXAMPLE ? {} : { example };
}

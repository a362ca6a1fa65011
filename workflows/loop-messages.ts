import * as changes from '../src/domain/instant-on/loop-changes.ts';
import type { LoopState } from '../src/domain/instant-on/loop-state.ts';
import type { LoopView } from '../src/domain/instant-on/loop-view.ts';
import {
  Abort,
  EXAMPLES,
  Pause,
  Resume,
  Retry,
  RunNow,
  SetInterval,
} from '../src/domain/operator/messages.ts';
import { type Message, takeMessage } from './take-message.ts';

/** What messages read and change. */
export interface LoopMessages {
  readonly view: () => LoopView;
  readonly refuse: (refusal: string) => void;
  /** Takes a message: the loop goes on from what the state is then. */
  readonly change: (changed: (state: LoopState) => LoopState) => void;
  readonly abort: (reason: string) => void;
}

/** Every message of a loop, as an update and as a signal. */
export function takeLoopMessages({ view, refuse, change, abort }: LoopMessages): void {
  const take = <Data>(message: Message<Data>): void =>
    takeMessage(
      {
        ...message,
        refusal: (data) =>
          view().status === 'aborted' ? 'the loop is being ended already' : (message.refusal?.(data) ?? null),
      },
      { answer: view, refuse },
    );
  take({
    name: 'pause',
    schema: Pause,
    does: 'Start no more runs; one under way comes to its end.',
    take: (data) => change((state) => changes.pausedBy(state, data, Date.now())),
  });
  take({
    name: 'resume',
    schema: Resume,
    does: 'Go on after a pause; read the settings again.',
    take: () => change(changes.resumed),
  });
  take({
    name: 'setInterval',
    schema: SetInterval,
    does: 'Seconds between the end of a run and the next one.',
    take: (data) => change((state) => changes.intervalSet(state, data)),
  });
  take({
    name: 'runNow',
    schema: RunNow,
    does: 'One run at once, also while paused; during a run the next one.',
    take: () => change(changes.askedToRun),
  });
  take({
    name: 'retry',
    schema: Retry,
    does: 'Try again at once after a failure.',
    refusal: ({ step }) => refusalOfRetry(view(), step),
    take: () => change(changes.askedToRun),
  });
  take({
    name: 'abort',
    schema: Abort,
    does: 'End the loop; a run under way is given up.',
    take: ({ reason }) => abort(reason),
  });
}

function refusalOfRetry({ status, now, awaiting }: LoopView, step: string | undefined): string | null {
  if (awaiting === null && status !== 'backing-off') return `nothing waits for a retry. ${now}`;
  const waits = awaiting?.step ?? 'run';
  return step === undefined || step === waits
    ? null
    : `${step} does not wait; ${waits} does: ${EXAMPLES.retry}`;
}

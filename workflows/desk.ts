import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';

import { deskDetails } from '../src/domain/operator/details.ts';
import {
  Abort,
  EXAMPLES,
  misfit,
  Retry,
  Skip,
  type AbortMessage,
  type RetryMessage,
  type SkipMessage,
} from '../src/domain/operator/messages.ts';
import {
  type Awaited,
  type DeskState,
  type Step,
  type StepStatus,
  withStep,
} from '../src/domain/operator/steps.ts';
import { AWAITING_ACTION, AWAITING_SINCE, OUTCOME, REVSYNC_STEP } from './search-attributes.ts';

export const stateQuery = defineQuery<DeskState>('state');
export const retryUpdate = defineUpdate<DeskState, [RetryMessage | undefined]>('retry');
export const skipUpdate = defineUpdate<DeskState, [SkipMessage | undefined]>('skip');
export const abortUpdate = defineUpdate<DeskState, [AbortMessage | undefined]>('abort');
export const retrySignal = defineSignal<[RetryMessage | undefined]>('retry');
export const skipSignal = defineSignal<[SkipMessage | undefined]>('skip');
export const abortSignal = defineSignal<[AbortMessage | undefined]>('abort');

/** Thrown out of a step when the operator gives the run up; the workflow ends with outcome `aborted`. */
export class RunAborted extends Error {
  override readonly name = 'RunAborted';
}

/** What was asked for does not exist: nobody can wait for that, so the workflow fails and says so. */
const WRONG_INPUT = new Set([
  'ENTITY_UNKNOWN',
  'ENTITY_NEEDED',
  'ORGANIZATION_UNKNOWN',
  'ORGANIZATION_NEEDED',
]);

/** What a person is asked for at a step. */
export type Asked = Pick<Awaited, 'message' | 'remedy' | 'example'>;

export interface Desk {
  /** Runs a step; when it cannot go on, waits here for the operator's `retry` or `abort`. */
  step<Result>(name: string, work: () => Promise<Result>, note?: (result: Result) => string): Promise<Result>;
  /** The same for what the run can do without: `skip` ends it with the note that `skipped` answers. */
  optional(
    name: string,
    work: () => Promise<string>,
    skipped: (by: SkipMessage) => Promise<string>,
  ): Promise<void>;
  /** Waits at a step until a person did what is asked for; `retry` goes on without it. */
  until(name: string, asked: Asked, done: () => boolean): Promise<void>;
  /** Notes that a step has nothing to do. */
  notDue(name: string): void;
  /** Says what became of a step that no work of the run stands for; what is awaited stays. */
  note(name: string, status: StepStatus, note: string): void;
  /** Notes a message that was refused where nobody waits for an answer. */
  refuse(refusal: string): void;
  finish(outcome: string): void;
}

/**
 * The operator's desk of a workflow: its steps, what it waits for, and the messages that move it on. Every
 * message exists as an update, which answers, and as a signal, which is noted when it is refused.
 */
export function openDesk(
  workflow: string,
  subject: string,
  steps: readonly Pick<Step, 'step' | 'title'>[],
): Desk {
  let state: DeskState = {
    workflow,
    subject,
    status: 'running',
    steps: steps.map(({ step, title }) => ({ step, title, status: 'pending', note: '' })),
    awaiting: null,
    refused: [],
  };
  let decision: 'retry' | SkipMessage | null = null;
  let skippable = false;
  let abortReason: string | null = null;
  let working: CancellationScope | null = null;

  const show = (next: DeskState): void => {
    state = next;
    setCurrentDetails(deskDetails(state));
  };

  const refusalOfRetry = (message: RetryMessage | undefined): string | null => {
    const wrong = misfit(Retry, 'retry', message);
    if (wrong !== null) return wrong;
    if (state.awaiting === null) return `nothing waits for a retry: the run is ${state.status}`;
    const step = message?.step;
    return step === undefined || step === state.awaiting.step
      ? null
      : `${step} does not wait; ${state.awaiting.step} does: ${EXAMPLES.retry}`;
  };
  const refusalOfSkip = (message: SkipMessage | undefined): string | null => {
    const wrong = misfit(Skip, 'skip', message);
    if (wrong !== null) return wrong;
    if (state.awaiting === null) return `nothing waits to be skipped: the run is ${state.status}`;
    if (!skippable) return `the step ${state.awaiting.step} may not be skipped; send retry or abort`;
    return message?.step === state.awaiting.step
      ? null
      : `${message?.step} does not wait; ${state.awaiting.step} does: ${EXAMPLES.skip}`;
  };
  const refusalOfAbort = (message: AbortMessage | undefined): string | null =>
    misfit(Abort, 'abort', message) ?? (abortReason === null ? null : 'the run is being given up already');

  const takeRetry = (): DeskState => {
    decision = 'retry';
    return state;
  };
  const takeSkip = (message: SkipMessage | undefined): DeskState => {
    decision = message ?? null;
    return state;
  };
  const takeAbort = (message: AbortMessage | undefined): DeskState => {
    abortReason = message?.reason ?? '';
    working?.cancel();
    return state;
  };
  const refuse = (refusal: string): void => {
    log.warn('message refused', { refusal });
    show({ ...state, refused: [...state.refused, refusal].slice(-10) });
  };
  const orNote = (refusal: string | null, take: () => unknown): void => {
    if (refusal === null) return void take();
    refuse(refusal);
  };
  const orThrow = (refusal: string | null): void => {
    if (refusal !== null) throw ApplicationFailure.nonRetryable(refusal, 'MESSAGE_REFUSED');
  };

  setHandler(stateQuery, () => state, { description: 'Steps, what is awaited, refused messages.' });
  setHandler(retryUpdate, takeRetry, {
    validator: (message) => orThrow(refusalOfRetry(message)),
    description: `Try the waiting step again. Data: ${EXAMPLES.retry}`,
  });
  setHandler(skipUpdate, takeSkip, {
    validator: (message) => orThrow(refusalOfSkip(message)),
    description: `Go on without the waiting step, where the run can. Data: ${EXAMPLES.skip}`,
  });
  setHandler(abortUpdate, takeAbort, {
    validator: (message) => orThrow(refusalOfAbort(message)),
    description: `Give the run up; what it loaded is kept for the next one. Data: ${EXAMPLES.abort}`,
  });
  setHandler(retrySignal, (message) => orNote(refusalOfRetry(message), takeRetry));
  setHandler(skipSignal, (message) => orNote(refusalOfSkip(message), () => takeSkip(message)));
  setHandler(abortSignal, (message) => orNote(refusalOfAbort(message), () => takeAbort(message)));
  show(state);

  const waitForOperator = async (name: string, asked: Asked, done = (): boolean => false): Promise<void> => {
    decision = null;
    const skip = skippable ? { step: name, reason: '...', by: '...' } : null;
    show(withStep(state, name, 'waiting', asked.message, { step: name, ...asked, skip }));
    flagWaiting(true);
    await condition(() => done() || decision !== null || abortReason !== null);
    flagWaiting(false);
  };

  /** Until the work succeeds, or the operator decides to go on without it. */
  const untilDone = async <Result>(
    name: string,
    work: () => Promise<Result>,
  ): Promise<Result | SkipMessage> => {
    upsertSearchAttributes([{ key: REVSYNC_STEP, value: name }]);
    for (;;) {
      if (abortReason !== null) throw new RunAborted(abortReason);
      show(withStep(state, name, 'running', ''));
      try {
        working = new CancellationScope();
        return await working.run(work);
      } catch (error) {
        if (abortReason !== null) throw new RunAborted(abortReason);
        if (isCancellation(error) || WRONG_INPUT.has(failureType(error) ?? '')) throw error;
        await waitForOperator(name, { ...readable(error), example: { update: 'retry', data: {} } });
        if (skippable && decision !== null && decision !== 'retry') return decision;
      }
    }
  };

  return {
    async step(name, work, note = () => '') {
      const result = await untilDone(name, async () => ({ done: await work() }));
      if (!('done' in result)) throw ApplicationFailure.nonRetryable(`${name} cannot be skipped`);
      show(withStep(state, name, 'done', note(result.done)));
      return result.done;
    },
    async optional(name, work, skipped) {
      skippable = true;
      try {
        const result = await untilDone(name, async () => ({ done: await work() }));
        if ('done' in result) return show(withStep(state, name, 'done', result.done));
        show(withStep(state, name, 'skipped', await skipped(result)));
      } finally {
        skippable = false;
      }
    },
    async until(name, asked, done) {
      await waitForOperator(name, asked, done);
      if (abortReason !== null) throw new RunAborted(abortReason);
      show({ ...state, status: 'running', awaiting: null });
    },
    notDue: (name) => show(withStep(state, name, 'skipped', 'nothing to read beside the export')),
    note: (name, status, note) => {
      const steps = state.steps.map((step) => (step.step === name ? { ...step, status, note } : step));
      show({ ...state, steps });
    },
    refuse,
    finish(outcome) {
      const status = outcome === 'aborted' ? 'aborted' : 'completed';
      show({ ...state, status, awaiting: null });
      upsertSearchAttributes([{ key: OUTCOME, value: outcome }]);
    },
  };
}

/** Lists show who is awaited, and metrics since when. */
function flagWaiting(waits: boolean): void {
  upsertSearchAttributes([
    { key: AWAITING_ACTION, value: waits },
    { key: AWAITING_SINCE, value: waits ? new Date() : null },
  ]);
}

/** The sentence and the remedy of a failure that an activity ended with. */
export function readable(error: unknown): { message: string; remedy: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  const details =
    cause instanceof ApplicationFailure ? (cause.details?.[0] as { remedy?: string } | undefined) : undefined;
  return { message, remedy: details?.remedy ?? 'Remove the cause, then send retry.' };
}

/** The type of the failure that an activity ended with, as `BILLING_FILE_GONE`; null for anything else. */
export function failureType(error: unknown): string | null {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? (cause.type ?? null) : null;
}

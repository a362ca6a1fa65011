import { messageOf } from './enablement-messages.ts';
import type { Awaited, EnablementState } from './enablement-state.ts';
import { type JsonObject, type StepNumber, STEP_NUMBERS } from './step.ts';
import { stepOf } from './steps.ts';
import type { AwaitingView, EnablementView } from './view.ts';

/** What the workflow itself knows beside its state. */
export interface Whole {
  readonly tenant: string | null;
  readonly ended: 'completed' | 'aborted' | null;
}

/** The state as people, the query and the database see it. */
export function enablementView(state: EnablementState, { tenant, ended }: Whole): EnablementView {
  const awaiting = state.awaited === null || ended !== null ? null : awaitingView(state.awaited);
  return {
    workflow: 'enablement',
    tenant,
    status: ended ?? (awaiting === null ? 'running' : 'waiting'),
    steps: state.steps,
    awaiting,
    kept: STEP_NUMBERS.filter((step) => state.kept[step] !== undefined),
    ignored: state.ignored,
    refused: state.refused,
  };
}

function awaitingView({ step, kind, message, remedy, value, since, reminders }: Awaited): AwaitingView {
  const data: JsonObject = kind === 'answer' ? messageOf(step, value) : { step };
  return {
    step,
    message,
    remedy,
    example: { update: kind === 'answer' ? 'answer' : 'retry', data },
    skip: skipExample(step),
    since,
    reminders,
  };
}

/** The JSON of `skip`; null where the step may not be skipped. */
export const skipExample = (step: StepNumber): JsonObject | null =>
  stepOf(step).skip.legal ? { step, reason: '...', by: '...' } : null;

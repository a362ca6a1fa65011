import { z } from 'zod';

import { shortText } from '../short-text.ts';
import { messageOf, SkipValue } from './enablement-messages.ts';
import { type EnablementState, isFinished, stepIn } from './enablement-state.ts';
import type { JsonObject, StepNumber, Verdict } from './step.ts';
import { stepOf } from './steps.ts';

/** Why messages cannot be taken as things stand; null: they can. Each says the JSON that could be. */

const LONGEST_WHY = 400;

/** The message that would do: with the value that the step asks for, where it does. */
export function rightJson(state: EnablementState, step: StepNumber): string {
  const asks = state.awaited?.kind === 'answer' && state.awaited.step === step;
  const value: JsonObject = asks && state.awaited !== null ? state.awaited.value : stepOf(step).example;
  return JSON.stringify(messageOf(step, value));
}

export function refusalOfAnswer(
  state: EnablementState,
  { step, value }: { readonly step: StepNumber; readonly value: JsonObject },
): string | null {
  const { status, at } = stepIn(state, step);
  if (status === 'done') {
    const { final } = stepOf(step);
    const how = final === null ? 'Send `amend` to change what was answered' : `It stays so: ${final}`;
    return `step ${step} is done since ${at ?? ''}. ${how}.`;
  }
  if (status === 'skipped') {
    const how = 'Send `amend` with the answer and a reason to do it after all';
    return `step ${step} is over since ${at ?? ''}: ${stepIn(state, step).note} ${how}.`;
  }
  return refusalOfValue(state, step, value);
}

/** By its form alone. */
export function refusalOfValue(state: EnablementState, step: StepNumber, value: JsonObject): string | null {
  if (value['skip'] !== undefined) return refusalOfSkipValue(state, step, value);
  const parsed = stepOf(step).answer.safeParse(value);
  if (parsed.success) return null;
  const why = shortText(z.prettifyError(parsed.error).replace(/\s+/g, ' '), LONGEST_WHY);
  return `the value does not fit step ${step} (${why}). Send ${rightJson(state, step)}`;
}

function refusalOfSkipValue(state: EnablementState, step: StepNumber, value: JsonObject): string | null {
  if (!SkipValue.safeParse(value).success) {
    return `to skip step ${step} takes {"skip": true, "reason": "..."}. Send ${rightJson(state, step)}`;
  }
  return refusalOfSkip(state, step);
}

export function refusalOfSkip(state: EnablementState, step: StepNumber): string | null {
  const { skip } = stepOf(step);
  if (!skip.legal) return `step ${step} may not be skipped: ${skip.why}. Send ${rightJson(state, step)}`;
  const { status, at } = stepIn(state, step);
  if (status === 'running') {
    return `step ${step} is at work. Wait for its end, or abort the workflow that it has running, then skip it.`;
  }
  return isFinished(status) ? `step ${step} is ${status} since ${at ?? ''}.` : null;
}

export function refusalOfAmend(
  state: EnablementState,
  { step, value }: { readonly step: StepNumber; readonly value: JsonObject },
): string | null {
  const { final } = stepOf(step);
  const { status } = stepIn(state, step);
  if (status === 'done' && final !== null) return `step ${step} cannot be amended: ${final}.`;
  if (!isFinished(status)) {
    return `step ${step} is not done yet; there is nothing to amend. Send \`answer\` with ${rightJson(state, step)}`;
  }
  return refusalOfValue(state, step, value);
}

export function refusalOfRetry(state: EnablementState, step: StepNumber | undefined): string | null {
  const { awaited } = state;
  if (awaited === null) return 'nothing waits for a retry: the enablement is at work.';
  return step === undefined || step === awaited.step
    ? null
    : `step ${step} does not wait; step ${awaited.step} does. Send {"step": ${awaited.step}} or {}`;
}

/**
 * What a look at Billing or the database speaks against, with the JSON that would do.
 *
 * @param more what the message has beside the value
 */
export const refusalByVerdict = (
  step: StepNumber,
  { refusal, value }: Extract<Verdict, { taken: false }>,
  more: JsonObject = {},
): string => `step ${step}: ${refusal} Send ${JSON.stringify({ ...messageOf(step, value), ...more })}`;

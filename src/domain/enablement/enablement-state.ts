import { ENABLEMENT_STEPS, stepOf } from './steps.ts';
import type { ChildResult, JsonObject, StepNumber } from './step.ts';
import type { EnablementEvent, StepStatus, StepView } from './view.ts';

/** What somebody sent for a step before it was asked for. */
export type Kept =
  | {
      readonly kind: 'answer';
      readonly value: JsonObject;
      readonly note: string | null;
      readonly by: string | null;
    }
  | { readonly kind: 'skip'; readonly reason: string; readonly by: string | null };

/** What is awaited of a person. */
export interface Awaited {
  readonly step: StepNumber;
  /** `answer`: the step asks. `retry`: it failed. */
  readonly kind: 'answer' | 'retry';
  readonly message: string;
  readonly remedy: string;
  readonly value: JsonObject;
  readonly polls: boolean;
  /** ISO, UTC. */
  readonly since: string;
  readonly reminders: number;
}

/** All that an enablement knows of itself; what is long is in the database. */
export interface EnablementState {
  readonly steps: readonly StepView[];
  readonly awaited: Awaited | null;
  /** What was awaited last: whoever is asked the same again is awaited since then. */
  readonly awaitedBefore: Awaited | null;
  readonly kept: Readonly<Partial<Record<StepNumber, Kept>>>;
  readonly ignored: readonly StepNumber[];
  readonly refused: readonly string[];
  /** The workflows that the step at hand has had done. */
  readonly runs: readonly ChildResult[];
  /** Who answered the steps that are not at their end; null: somebody who did not say. */
  readonly answeredBy: Readonly<Partial<Record<StepNumber, string | null>>>;
  /** What happened since the database was told. */
  readonly events: readonly EnablementEvent[];
}

export const newEnablement = (): EnablementState => ({
  steps: ENABLEMENT_STEPS.map(({ step, title, condition }): StepView => ({
    step,
    title,
    applies: condition === null ? true : null,
    status: 'pending',
    by: null,
    at: null,
    note: '',
    evidence: {},
  })),
  awaited: null,
  awaitedBefore: null,
  kept: {},
  ignored: [],
  refused: [],
  runs: [],
  answeredBy: {},
  events: [],
});

export function stepIn({ steps }: Pick<EnablementState, 'steps'>, step: StepNumber): StepView {
  const found = steps.find((each) => each.step === step);
  if (found === undefined) throw new TypeError(`there is no step ${step}`);
  return found;
}

export const isFinished = (status: StepStatus): boolean => status === 'done' || status === 'skipped';

/** The step that comes next: the first one that is not finished and whose gates are; null: all are finished. */
export function nextStep(state: EnablementState): StepNumber | null {
  const open = state.steps.filter(({ status }) => !isFinished(status));
  const next = open.find(({ step }) => unmetGates(state, step).length === 0);
  return next?.step ?? null;
}

/** The steps that have to be finished before one begins, and are not. */
export const unmetGates = (state: EnablementState, step: StepNumber): readonly StepNumber[] =>
  stepOf(step).gates.filter((gate) => !isFinished(stepIn(state, gate).status));

/** What an operator sees of a step. */
export type StepStatus = 'pending' | 'running' | 'waiting' | 'done' | 'skipped';

export interface Step {
  readonly step: string;
  readonly title: string;
  readonly status: StepStatus;
  readonly note: string;
}

/** What a workflow waits for from a person: the message to send and its JSON. */
export interface Awaited {
  readonly step: string;
  readonly message: string;
  readonly remedy: string;
  /** The update's name and the JSON to paste. */
  readonly example: { readonly update: string; readonly data: Readonly<Record<string, unknown>> };
  /** The JSON for `skip` where the run can do without the step; null where it cannot. */
  readonly skip: Readonly<Record<string, string>> | null;
}

export interface DeskState {
  readonly workflow: string;
  readonly subject: string;
  readonly status: 'running' | 'waiting' | 'completed' | 'aborted';
  readonly steps: readonly Step[];
  readonly awaiting: Awaited | null;
  /** Messages that were refused, newest last. */
  readonly refused: readonly string[];
}

/** Changes one step; the others stay. */
export function withStep(
  state: DeskState,
  name: string,
  status: StepStatus,
  note: string,
  awaiting: Awaited | null = null,
): DeskState {
  const steps = state.steps.map((step) => (step.step === name ? { ...step, status, note } : step));
  return { ...state, steps, awaiting, status: awaiting === null ? 'running' : 'waiting' };
}

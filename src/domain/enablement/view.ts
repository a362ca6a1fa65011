import type { JsonObject, StepNumber } from './step.ts';

export type StepStatus = 'pending' | 'waiting' | 'running' | 'done' | 'skipped' | 'failed';

/** A step as people see it (interface.md, `enable status --json`). */
export interface StepView {
  readonly step: StepNumber;
  readonly title: string;
  /** Null while it is not known. */
  readonly applies: boolean | null;
  readonly status: StepStatus;
  /** Who answered or skipped it; null: somebody who did not say; `revsync`: nobody had to. */
  readonly by: string | null;
  /** When it came to its end, ISO, UTC. */
  readonly at: string | null;
  readonly note: string;
  readonly evidence: JsonObject;
}

/** What a person is awaited for: the message to send and its JSON. */
export interface AwaitingView {
  readonly step: StepNumber;
  readonly message: string;
  readonly remedy: string;
  readonly example: { readonly update: 'answer' | 'retry'; readonly data: JsonObject };
  /** The JSON for `skip`, where the step may be skipped. */
  readonly skip: JsonObject | null;
  /** Since when, ISO, UTC. */
  readonly since: string;
  readonly reminders: number;
}

/** Where an enablement stands: what the query `state`, updates and `enable status` answer. */
export interface EnablementView {
  readonly workflow: 'enablement';
  readonly tenant: string | null;
  readonly status: 'running' | 'waiting' | 'completed' | 'aborted';
  readonly steps: readonly StepView[];
  readonly awaiting: AwaitingView | null;
  /** Steps whose answers came before they were asked for. */
  readonly kept: readonly StepNumber[];
  /** Steps that were answered and did not need it. */
  readonly ignored: readonly StepNumber[];
  /** Messages that were refused where nobody waited for an answer, newest last. */
  readonly refused: readonly string[];
}

/** Something that happened, for the audit. */
export interface EnablementEvent {
  /** ISO, UTC. */
  readonly at: string;
  readonly kind:
    | 'started'
    | 'done'
    | 'not-applicable'
    | 'skipped'
    | 'failed'
    | 'retried'
    | 'kept'
    | 'ignored'
    | 'refused'
    | 'begun-again'
    | 'completed'
    | 'aborted';
  readonly step: StepNumber | null;
  readonly by: string | null;
  readonly text: string;
  /** What an answer was, and is; where it is long, only how long. */
  readonly before?: JsonObject | null;
  readonly after?: JsonObject | null;
}

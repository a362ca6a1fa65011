import type { StepNumber } from './step.ts';

/** What people are told of outside Temporal: the body of a webhook call, as it is sent. */
export interface Notice {
  readonly event: 'ticket' | 'reminder' | 'escalation' | 'completed' | 'aborted';
  readonly tenant: string;
  /** Null: it is about the enablement as a whole. */
  readonly step: StepNumber | null;
  readonly title: string;
  readonly text: string;
  /** ISO, UTC. */
  readonly at: string;
}

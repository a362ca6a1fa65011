import type { ChildResult, JsonObject, StepNumber, Turn, Verdict } from '../../src/domain/enablement/step.ts';

/** What a step knows of itself and of the enablement it belongs to. */
export interface StepContext<Answer extends object> {
  /** Id of the enablement, `control.enablement`. */
  readonly enablement: string;
  readonly step: StepNumber;
  /** What was answered and taken so far, later answers over earlier ones; null: nothing yet. */
  readonly answer: Answer | null;
  /** Who gave the last answer of this step, and the note that came with it. */
  readonly by: string | null;
  readonly note: string | null;
  /** The answers of all steps, as far as they were taken. */
  readonly answers: Readonly<Partial<Record<StepNumber, JsonObject>>>;
  /** The tenant's name, where the enablement was started with one. */
  readonly named: string | null;
  /** The workflows that this step has had done since it began, or began again. */
  readonly runs: readonly ChildResult[];
}

/** A refused answer. */
export type Refusal = Omit<Extract<Verdict, { taken: false }>, 'taken'>;

/** What is done for a step. Every call may be repeated: what is done already is not done twice. */
export interface StepWork<Answer extends object> {
  /** Looks at Billing and the database, does what is due by the answer, and says what comes next. */
  advance(context: StepContext<Answer>): Promise<Turn>;
  /**
   * Why an answer cannot be taken, looked up in Billing and the database; null: it can. `answer` is what is given now; what
   * was taken before is in the context.
   */
  refusal?(answer: Answer, context: StepContext<Answer>): Promise<Refusal | null>;
  /**
   * What is kept of an answer that is taken: with what was said before, where answers add up, and with what it stands for
   * now, which may be another tomorrow. Where a step has none of it, the answer is kept as it was given.
   */
  settled?(answer: Answer, context: StepContext<Answer>): Promise<Answer>;
  /** Whether what is awaited came by itself; for steps whose question polls. */
  arrived?(context: StepContext<Answer>): Promise<boolean>;
}

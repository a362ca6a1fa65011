import type { StepContext, StepWork } from '../../activities/enablement/step-work.ts';
import type { JsonObject, StepNumber, Turn, Verdict } from '../../src/domain/enablement/step.ts';
import { openEnablement } from '../../src/store/enablement/open-enablement.ts';
import { type ActivityGround, inActivity, newOwner } from './activities.ts';

/** What a test says of a step's context; the rest is as of a step that nobody answered. */
export type Said<Answer extends object> = Partial<Omit<StepContext<Answer>, 'enablement' | 'step'>>;

/** A step of an enablement that was opened, called as its workflow calls it. */
export interface OpenedStep<Answer extends object> {
  readonly enablement: string;
  advance(said?: Said<Answer>): Promise<Turn>;
  refusal(
    answer: Answer,
    said?: Said<Answer>,
  ): Promise<Omit<Extract<Verdict, { taken: false }>, 'taken'> | null>;
  arrived(): Promise<boolean>;
}

export async function openStep<Answer extends object>(
  { database }: Pick<ActivityGround, 'database'>,
  step: StepNumber,
  work: StepWork<Answer>,
): Promise<OpenedStep<Answer>> {
  const owner = newOwner('enablement/demo');
  const request = { tenant: `demo ${owner.runId}`, owner, named: null, forced: false, by: null };
  const enablement = await openEnablement(database.db, request, async () => false);
  const answers: Readonly<Partial<Record<StepNumber, JsonObject>>> = {};
  const nothing = { enablement, step, answer: null, by: null, note: null, answers, named: null, runs: [] };
  const inside = <Result>(call: () => Promise<Result>): Promise<Result> =>
    inActivity(call, { workflowExecution: owner });
  return {
    enablement,
    advance: (said = {}) => inside(() => work.advance({ ...nothing, ...said })),
    refusal: (answer, said = {}) =>
      inside(async () => (await work.refusal?.(answer, { ...nothing, ...said })) ?? null),
    arrived: () => inside(async () => (await work.arrived?.(nothing)) ?? false),
  };
}

/** What a step asks; one that goes on by itself fails the test. */
export function asked(turn: Turn): Extract<Turn, { kind: 'ask' }> {
  if (turn.kind !== 'ask') throw new Error(`the step did not ask: ${JSON.stringify(turn)}`);
  return turn;
}

import type { Activities } from '../../activities/activities.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import {
  type ChildResult,
  type JsonObject,
  STEP_NUMBERS,
  type StepNumber,
  type Turn,
  type Verdict,
} from '../../src/domain/enablement/step.ts';
import { stepOf } from '../../src/domain/enablement/steps.ts';
import type { EnablementEvent, EnablementView } from '../../src/domain/enablement/view.ts';

/** What a step knows when a script decides what comes next at it. */
export interface Look {
  /** Taken answers of the step, oldest first. */
  readonly answers: readonly JsonObject[];
  readonly runs: readonly ChildResult[];
}
export type Turns = Partial<Record<StepNumber, (look: Look) => Turn>>;

/** How steps go, and what the enablement did meanwhile. */
export interface Script {
  /** What comes next at a step; one that is left out asks once. */
  turns: Turns;
  /** Why an answer is refused; null: it is taken. */
  refusal: (step: StepNumber, value: JsonObject) => string | null;
  /** What looks at a step wait for. */
  hold: Promise<void>;
  /** Whether what a step polls for came. */
  arrived: boolean;
  readonly looks: StepNumber[];
  readonly answers: Map<StepNumber, JsonObject[]>;
  readonly reminders: {
    readonly step: number;
    readonly count: number;
    readonly escalates: boolean;
    readonly at: number;
  }[];
  readonly recorded: { view: EnablementView | null; readonly events: EnablementEvent[] };
}

export const newScript = (turns: Turns = {}, refusal: Script['refusal'] = () => null): Script => ({
  turns,
  refusal,
  hold: Promise.resolve(),
  arrived: false,
  looks: [],
  answers: new Map(),
  reminders: [],
  recorded: { view: null, events: [] },
});

export const ask = (step: StepNumber, polls = false): Turn => ({
  kind: 'ask',
  message: `Step ${step} asks.`,
  remedy: `Step ${step} says how.`,
  value: stepOf(step).example,
  polls,
});
export const done = (note: string, evidence: JsonObject = {}): Turn => ({ kind: 'done', note, evidence });
export const notApplicable = (note: string): Turn => ({ kind: 'not-applicable', note, evidence: {} });

/** A step that asks once, and is done by whatever is answered. */
export const askOnce =
  (step: StepNumber) =>
  ({ answers }: Look): Turn =>
    answers.length === 0 ? ask(step) : done(`step ${step} is done`);

/** A step that is done by itself. */
const byItself = (step: StepNumber) => (): Turn => done(`step ${step} went by itself`);

/** Every step goes by itself but those given. */
export const allButOnly = (asking: readonly StepNumber[]): Turns =>
  Object.fromEntries(
    STEP_NUMBERS.map((step) => [step, asking.includes(step) ? askOnce(step) : byItself(step)]),
  );

/** The activities of an enablement, gone by a script. */
export function scriptedSteps(
  script: Script,
  { tenant, now = async () => 0 }: { readonly tenant: string; readonly now?: () => Promise<number> },
): Partial<Activities> {
  const answersOf = (step: StepNumber): JsonObject[] => script.answers.get(step) ?? [];
  return {
    openEnablement: async () => ({ enablement: '1', tenant }),
    advanceStep: async ({ step, runs }) => {
      script.looks.push(step);
      await script.hold;
      return (script.turns[step] ?? askOnce(step))({ answers: answersOf(step), runs });
    },
    takeAnswer: async ({ step, value, reason }): Promise<Verdict> => {
      const said = value as JsonObject;
      const refusal = script.refusal(step, said);
      if (refusal !== null) return { taken: false, refusal, value: stepOf(step).example };
      script.answers.set(step, [...answersOf(step), said]);
      if (reason !== null) for (const again of stepOf(step).again) script.answers.delete(again);
      return { taken: true };
    },
    awaitStep: async () => {
      if (script.arrived) return;
      throw new RevsyncError('It did not come yet.', {
        code: 'STEP_WAITS',
        fate: 'retry',
        remedy: 'Wait.',
        retryAfter: 600_000,
      });
    },
    recordEnablement: async ({ view, events }) => {
      script.recorded.view = view;
      script.recorded.events.push(...events);
    },
    remindEnablement: async ({ step, count, escalates }) => {
      script.reminders.push({ step, count, escalates, at: await now() });
      return { sent: true };
    },
  };
}

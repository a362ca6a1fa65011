import { z } from 'zod';

/** The steps of the source, by their numbers there. */
export const STEP_NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const;
export type StepNumber = (typeof STEP_NUMBERS)[number];

/** What one JSON value may be. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/**
 * A step of the enablement as data: what the source asks, what is read and done for it, and what has to come first.
 * Workflow, page and documentation all go by this.
 */
export interface StepDefinition<Answer extends object = object> {
  readonly step: StepNumber;
  /** The base name of its code, its test and its page, as `step-04-settings`. */
  readonly name: string;
  readonly title: string;
  /** What the source asks, in our words. */
  readonly asks: string;
  /** `human`: a person always decides. `automatic`: a person is asked only where something has to be decided. */
  readonly kind: 'human' | 'automatic';
  /** When it applies; null: always. */
  readonly condition: string | null;
  readonly reads: string;
  readonly does: string;
  /** What is kept of it. */
  readonly evidence: string;
  /** Steps that have to be done, or not to apply, before this one begins. */
  readonly gates: readonly StepNumber[];
  /** What follows when it is skipped; `legal: false`: it may not be, and why. */
  readonly skip: { readonly legal: boolean; readonly why: string };
  /** Why its answer cannot be amended once the step is done; null: it can be. */
  readonly final: string | null;
  /** Steps that are done again after its answer was amended. */
  readonly again: readonly StepNumber[];
  /** The value of an answer; what is left out keeps what an earlier answer of this step said. */
  readonly answer: z.ZodType<Answer>;
  /** A value that fits, for the page; the step itself offers a better one when it asks. */
  readonly example: JsonObject;
}

/** A workflow that a step has done, of one entity or organisation or of the tenant. */
export interface ChildWork {
  readonly workflow: ChildName;
  readonly id: string;
  readonly input: JsonObject;
  /** What the history shows it as. */
  readonly summary: string;
}
export type ChildName =
  'settingsSync' | 'exchangeRateSync' | 'invoiceSettlementBackfill' | 'revenueSync' | 'dataCollection';

/** A workflow that a step had done, come to its good end. */
export interface ChildResult {
  readonly workflow: ChildName;
  readonly id: string;
  readonly runId: string;
  readonly outcome: string;
  /** What it answered, as far as steps show it: the run of a sync, the counts of a collection. */
  readonly told: JsonObject;
}

/** What comes next at a step, once what could be done was done. */
export type Turn =
  | {
      readonly kind: 'ask';
      /** What is awaited, in one or two sentences. */
      readonly message: string;
      /** Where and how, as far as the message does not say it. */
      readonly remedy: string;
      /** The value to send, filled in as far as it is known. */
      readonly value: JsonObject;
      /** Whether what is awaited may come without an answer: then it is looked for meanwhile. */
      readonly polls: boolean;
    }
  | { readonly kind: 'work'; readonly note: string; readonly work: readonly ChildWork[] }
  | { readonly kind: 'done'; readonly note: string; readonly evidence: JsonObject }
  | { readonly kind: 'not-applicable'; readonly note: string; readonly evidence: JsonObject };

/** What becomes of an answer. */
export type Verdict =
  | { readonly taken: true }
  | {
      readonly taken: false;
      /** Why not, and what to do. */
      readonly refusal: string;
      /** A value that would do. */
      readonly value: JsonObject;
    };

/** Fixes the type of the answer. */
export const defineStep = <Answer extends object>(
  definition: StepDefinition<Answer>,
): StepDefinition<Answer> => definition;

const WRITTEN = /^(?:step-)?0?(\d{1,2})(?:$|-)/;

/** A step as people write it: 4, "4" or "step-04-settings". */
export const StepReference = z.unknown().transform((said, context): StepNumber => {
  const text = typeof said === 'string' || typeof said === 'number' ? String(said).slice(0, 60) : '';
  const number = Number(WRITTEN.exec(text)?.[1] ?? Number.NaN);
  const found = STEP_NUMBERS.find((step) => step === number);
  if (found !== undefined) return found;
  context.addIssue({ code: 'custom', message: 'is no step: steps are 1 to 11', input: said });
  return z.NEVER;
});

import { z } from 'zod';

import { Who } from '../operator/messages.ts';
import { shortText } from '../short-text.ts';
import { SkipValue } from './enablement-messages.ts';
import type { JsonObject, StepDefinition } from './step.ts';
import { ENABLEMENT_STEPS } from './steps.ts';

/** What is to be sent for a step once it asks. */
export type PreparedAnswer =
  | { readonly kind: 'answer'; readonly value: JsonObject }
  | { readonly kind: 'skip'; readonly reason: string };

/** `enable answer --file`, read: answers by the number of their step. */
export interface PreparedAnswers {
  readonly by: string | null;
  readonly answers: ReadonlyMap<number, PreparedAnswer>;
}

/** A mistake: where it is, and what to write. */
export interface AnswerMistake {
  readonly path: string;
  readonly message: string;
  readonly suggestion: string;
}

const Value = z.record(z.string(), z.json());
const AnswersFile = z.strictObject({ by: Who.optional(), answers: z.record(z.string(), z.unknown()) });

const FORM =
  'Write {"by": "...", "answers": {"1": {...}, "2": {...}}}, answers by the numbers of their steps.';
const LONGEST_WHY = 300;

/** Reads the answers of unattended use by the steps' own forms; or answers all that is wrong with them. */
export function readAnswers(
  input: unknown,
): { readonly prepared: PreparedAnswers } | { readonly mistakes: readonly AnswerMistake[] } {
  const file = AnswersFile.safeParse(input);
  if (!file.success) return { mistakes: fileMistakes(file.error) };
  const { by = null, answers } = file.data;
  const read = Object.entries(answers).map(([key, value]) => readAnswer(key, value));
  const mistakes = read.flatMap((each) => ('mistakes' in each ? each.mistakes : []));
  if (mistakes.length > 0) return { mistakes };
  const prepared = read.flatMap((each) => ('step' in each ? [[each.step, each.answer] as const] : []));
  return { prepared: { by, answers: new Map(prepared) } };
}

const fileMistakes = (error: z.ZodError): AnswerMistake[] =>
  error.issues.map(({ path, message }) => ({
    path: path.join('.'),
    message: shortText(message, LONGEST_WHY),
    suggestion: FORM,
  }));

type Read =
  | { readonly step: number; readonly answer: PreparedAnswer }
  | { readonly mistakes: readonly AnswerMistake[] };

function readAnswer(key: string, value: unknown): Read {
  const path = `answers.${key}`;
  const definition = ENABLEMENT_STEPS.find(({ step }) => String(step) === key);
  if (definition === undefined) {
    const message = `There is no step ${JSON.stringify(shortText(key, 60))}.`;
    return { mistakes: [{ path: shortText(path, 80), message, suggestion: 'Steps are "1" to "11".' }] };
  }
  const isSkip = typeof value === 'object' && value !== null && 'skip' in value;
  return isSkip ? readSkip(definition, path, value) : readValue(definition, path, value);
}

function readSkip({ step, skip }: StepDefinition, path: string, value: unknown): Read {
  const parsed = SkipValue.safeParse(value);
  if (!parsed.success) {
    return {
      mistakes: issuesOf(parsed.error, path, 'To skip the step, write {"skip": true, "reason": "..."}.'),
    };
  }
  if (!skip.legal) {
    const message = `Step ${step} may not be skipped.`;
    return { mistakes: [{ path, message, suggestion: `Answer it: ${skip.why}.` }] };
  }
  return { step, answer: { kind: 'skip', reason: parsed.data.reason } };
}

function readValue({ step, answer, example }: StepDefinition, path: string, value: unknown): Read {
  const parsed = answer.safeParse(value);
  if (!parsed.success) {
    return { mistakes: issuesOf(parsed.error, path, `For example ${JSON.stringify(example)}.`) };
  }
  return { step, answer: { kind: 'answer', value: Value.parse(parsed.data) } };
}

const issuesOf = (error: z.ZodError, path: string, suggestion: string): AnswerMistake[] =>
  error.issues.map((issue) => ({
    path: [path, ...issue.path].join('.'),
    message: shortText(issue.message, LONGEST_WHY),
    suggestion,
  }));

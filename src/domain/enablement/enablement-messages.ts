import { z } from 'zod';

import { Abort, Who, Why } from '../operator/messages.ts';
import { type JsonObject, StepReference } from './step.ts';

/** An answer may be as long as a mapping of many entities is, and is carried along until it is asked for. */
const LONGEST_VALUE = 60_000;

const Value = z
  .record(z.string(), z.json())
  .refine((value) => JSON.stringify(value).length <= LONGEST_VALUE, {
    message: `is longer than ${LONGEST_VALUE} characters`,
  });

/** What operators send to an enablement, as one JSON object each. */
export const Answer = z.strictObject({
  step: StepReference,
  value: Value,
  note: Why.optional(),
  by: Who.optional(),
});
export const Amend = z.strictObject({ step: StepReference, value: Value, reason: Why, by: Who.optional() });
export const RetryStep = z.strictObject({ step: StepReference.optional(), by: Who.optional() });
export const SkipStep = z.strictObject({ step: StepReference, reason: Why, by: Who.optional() });
export { Abort };

export type AnswerMessage = z.infer<typeof Answer>;
export type AmendMessage = z.infer<typeof Amend>;
export type SkipMessage = z.infer<typeof SkipStep>;

/** `{"skip": true, "reason": "..."}` in the place of an answer is the message `skip`. */
export const SkipValue = z.strictObject({ skip: z.literal(true), reason: Why });

/** The whole message around a value, to paste. */
export const messageOf = (step: number, value: JsonObject): JsonObject => ({ step, value, by: '...' });

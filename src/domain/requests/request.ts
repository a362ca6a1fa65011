import { z } from 'zod';

import type { Answer } from './answer.ts';
import { answerEvent, CHARGE_TYPES, EVENT_PROCESSING } from './event.ts';
import { answerMassAction } from './mass-action.ts';
import { MASS_ACTION_LEVELS } from './mass-actions.ts';
import { MATERIAL_RIGHT, refusedBy } from './refusals.ts';
import { answerFormula } from './vc-formula.ts';

const CHARGE_TYPE_WORDS: Readonly<Record<string, string>> = { onetime: 'one-time' };

/** `OneTime`, as Billing writes it, and `One-Time` are `one-time`. */
const chargeType = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  const word = value.toLowerCase().replaceAll(/[^a-z]/g, '');
  return CHARGE_TYPE_WORDS[word] ?? word;
};

const Text = z.string().trim().min(1).max(1_000);

/** A request as files have it; a number without quotes is taken as it is written. */
export const RequestFile = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('vc-formula'), formula: Text }),
  z.strictObject({
    kind: z.literal('event'),
    processing: z.enum(EVENT_PROCESSING),
    chargeType: z.preprocess(chargeType, z.enum(CHARGE_TYPES)),
    value: z
      .union([z.string(), z.number()])
      .transform(String)
      .pipe(z.string().regex(/^-?\d{1,18}(\.\d{1,18})?$/, 'has to be a number')),
  }),
  z.strictObject({
    kind: z.literal('mass-action'),
    level: z.enum(MASS_ACTION_LEVELS),
    action: Text.max(100),
  }),
  z.strictObject({ kind: z.literal('material-right') }),
]);

export type Request = z.output<typeof RequestFile>;

/** Answers a request by the rule that it falls under (design section 10). */
export function answerRequest(request: Request): Answer {
  switch (request.kind) {
    case 'vc-formula':
      return answerFormula(request);
    case 'event':
      return answerEvent(request);
    case 'mass-action':
      return answerMassAction(request);
    case 'material-right':
      return refusedBy(MATERIAL_RIGHT, 'Material rights are not processed.');
  }
}

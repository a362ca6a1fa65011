import { z } from 'zod';

import { plainText } from '../plain-text.ts';
import { defineStep } from './step.ts';

export const CustomFieldsAnswer = z.strictObject({
  approve: z.literal(true),
  /** Instead of what is proposed; an empty list maps none. */
  mapping: z
    .array(
      z.strictObject({
        from: plainText().min(1).max(300),
        to: z.string().regex(/^ATR([1-9]|[1-5]\d|60)$/, 'is no attribute: ATR1 to ATR60'),
      }),
    )
    .max(60)
    .optional(),
});
export type CustomFieldsAnswer = z.infer<typeof CustomFieldsAnswer>;

export const STEP_05 = defineStep<CustomFieldsAnswer>({
  step: 5,
  name: 'step-05-custom-fields',
  title: 'Map custom fields',
  asks: 'Custom objects and fields, whose names end with __c, are mapped one to one to fields of Revenue, or they are not synced.',
  kind: 'human',
  condition: 'Billing has custom fields.',
  reads: 'The custom fields of every object, and how many rows have a value.',
  does: 'Proposes an attribute for each field that has values, checks the mapping, and keeps it for the templates.',
  evidence: 'The fields with their fill rates, and the mapping.',
  gates: [4],
  skip: {
    legal: true,
    why: 'no custom field is mapped; readiness and findings go on to name those that have values',
  },
  final: null,
  again: [6],
  answer: CustomFieldsAnswer,
  example: { approve: true, mapping: [{ from: 'RatePlanCharge.Region__c', to: 'ATR1' }] },
});

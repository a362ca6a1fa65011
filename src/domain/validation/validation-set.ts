import { z } from 'zod';

import { plainText } from '../plain-text.ts';
import { fileDay, fileFlag } from '../setups/file-values.ts';
import { VALIDATED_TYPES, type ValidationRule } from './validation-rule.ts';

const Condition = plainText()
  .trim()
  .min(1)
  .max(1_000)
  .describe('A condition over labels in brackets, for example [Ext Sell Price] > 0.');

const CustomRule = z.strictObject({
  id: plainText()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'has to be lower case words with hyphens, as price-below-floor')
    .max(64)
    .describe('What its holds are called.'),
  type: z.enum(['expression', 'lookup']),
  appliesTo: z
    .array(z.enum(VALIDATED_TYPES))
    .min(1)
    .default([...VALIDATED_TYPES]),
  when: Condition.nullish().describe('Which lines of these types it is about.'),
  expression: Condition.nullish().describe('What has to be so (type expression).'),
  label: plainText().trim().min(1).max(100).nullish().describe('The field that is looked up (type lookup).'),
  values: z.array(plainText().max(500)).min(1).max(1_000).nullish().describe('The values it may have.'),
  lookup: plainText()
    .trim()
    .min(1)
    .max(100)
    .nullish()
    .describe('Instead of values: a lookup, whose codes they are.'),
  listed: fileFlag().nullish().describe('False: the field must have none of the values.'),
  message: plainText().trim().min(1).max(500).describe('Says what is wrong; a label in braces is its value.'),
  remedy: plainText().trim().min(1).max(500).describe('Says what to do.'),
  overridable: fileFlag()
    .default(false)
    .describe('Whether `hold release` may let a line pass that breaks it.'),
  from: fileDay().nullish().describe('First booking or invoice date it is about.'),
  to: fileDay().nullish().describe('First booking or invoice date it is not about any more.'),
});

const PredefinedChoice = z.strictObject({
  id: plainText().min(1).max(64),
  filter: Condition.nullish().describe('The lines it is for; its own condition cannot be changed.'),
});

/** The body of a set of validation rules. */
export const ValidationSetForm = z.strictObject({
  rules: z.array(CustomRule).max(200).default([]),
  predefined: z
    .array(PredefinedChoice)
    .max(100)
    .default([])
    .describe('Predefined rules that are for some lines only, and optional ones that are switched on.'),
});

/** What an organisation adds to the predefined rules, and which lines these are for. */
export type ValidationSet = z.output<typeof ValidationSetForm>;
export type CustomRule = ValidationSet['rules'][number];

/** A rule of a checked set. */
export function customRule(rule: CustomRule): ValidationRule {
  const { id, appliesTo, message, remedy, overridable } = rule;
  return {
    id,
    code: null,
    appliesTo,
    when: rule.when ?? null,
    requires:
      rule.type === 'expression'
        ? { kind: 'expression', expression: rule.expression ?? '' }
        : {
            kind: 'lookup',
            label: rule.label ?? '',
            among: rule.values ?? { lookup: rule.lookup ?? '' },
            listed: rule.listed ?? true,
          },
    message,
    remedy,
    overridable,
    from: rule.from ?? null,
    to: rule.to ?? null,
  };
}

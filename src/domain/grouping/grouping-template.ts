import { z } from 'zod';

import { STAGING_FIELDS } from '../mapping/staging-fields.ts';
import { fileDay, fileFlag, fileWholeNumber } from '../setups/file-values.ts';

const LABELS = STAGING_FIELDS.map(({ label }) => label);

const Label = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .meta({ enum: LABELS })
  .describe('A staging field of SO lines, by its label.');

const Filter = z
  .string()
  .trim()
  .min(1)
  .max(1_000)
  .describe("A condition over staging labels, for example [Subscription Type] = 'TERMED'.");

const GroupingRule = z.strictObject({
  seq: fileWholeNumber(1, 999).describe('Rules are tried in this order; the first that gives a key decides.'),
  keys: z
    .array(Label)
    .min(1)
    .max(10)
    .describe('Lines with equal values in all of them, in one organisation, are one contract.'),
  window: z
    .strictObject({
      days: fileWholeNumber(1, 3_660).describe('Length of the window, its first day counted.'),
      field: Label.default('SO Book Date').describe('The date that has to lie in the window.'),
    })
    .nullish()
    .describe('Only lines dated within so many days from the first one are one contract.'),
  filter: Filter.nullish().describe('The lines that the rule is for.'),
  enabled: fileFlag().default(true),
});

/** The body of a grouping template. */
export const GroupingTemplateForm = z.strictObject({
  rules: z.array(GroupingRule).min(1).max(20),
  secondary: z
    .strictObject({
      label: Label.describe('The Associated Contract Reference, for example SO Number.'),
      onSeveral: z
        .enum(['own', 'earliest'])
        .default('own')
        .describe('Where several contracts match: the one of the line’s own key, or the earliest.'),
    })
    .nullish()
    .describe('A line that would make a new contract joins the one that has its reference already.'),
  filter: Filter.nullish().describe('The lines that the template is for; others are held.'),
  validFrom: fileDay().nullish().describe('First SO Book Date that the template is for.'),
  validTo: fileDay().nullish().describe('First SO Book Date that it is not for any more.'),
});

/** How SO lines are grouped into contracts. The organisation is part of every key and named by none. */
export type GroupingTemplate = z.output<typeof GroupingTemplateForm>;
export type GroupingRule = GroupingTemplate['rules'][number];

import { z } from 'zod';

import { defineStep } from './step.ts';

export const TemplatesAnswer = z.strictObject({ approve: z.literal(true) });
export type TemplatesAnswer = z.infer<typeof TemplatesAnswer>;

export const STEP_06 = defineStep<TemplatesAnswer>({
  step: 6,
  name: 'step-06-templates',
  title: 'Create the transaction templates',
  asks: 'Pre-staged data becomes transaction lines by templates; each transaction type to be processed needs at least one.',
  kind: 'human',
  condition: null,
  reads: 'The pre-configured templates, the mapping of custom fields, and the data of the tenant.',
  does: 'Makes a copy for every entity and type, checks it, forms lines by it as a dry run, and after the approval freezes it as the default.',
  evidence: 'The templates with their versions, and what the dry run formed and held.',
  gates: [5],
  skip: { legal: false, why: 'lines are formed by what was approved' },
  final: null,
  again: [],
  answer: TemplatesAnswer,
  example: { approve: true },
});

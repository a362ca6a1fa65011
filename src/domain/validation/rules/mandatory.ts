import { predefined, type ValidatedType, type ValidationRule } from '../validation-rule.ts';

const BILLINGS: readonly ValidatedType[] = ['INV', 'CM', 'CM-C'];
const ALL: readonly ValidatedType[] = ['SO', ...BILLINGS];

/** The columns that Data Collection asks for, per type (domain.md 3.5), with Zuora's code where it is known. */
const FIELDS: readonly (readonly [label: string, types: readonly ValidatedType[], code: string | null])[] = [
  ['Ext Sell Price', ALL, null],
  ['Ext List Price', ['SO', 'INV'], null],
  ['Ordered Qty', ['SO', 'INV'], null],
  ['Transaction Currency', ALL, null],
  ['Functional Currency', ALL, null],
  ['SO Line Id', ['SO'], null],
  ['SO Book Date', ['SO'], null],
  ['Invoice Qty', BILLINGS, 'RPRO-00007'],
  ['Invoice Line Id', BILLINGS, null],
  ['Invoice Date', BILLINGS, null],
  ['Invoice Num', BILLINGS, null],
];

/** A field that the type of the line must have is empty. */
export const MANDATORY: readonly ValidationRule[] = FIELDS.map(([label, appliesTo, code]) =>
  predefined({
    id: `missing-${label.toLowerCase().replaceAll(' ', '-')}`,
    code,
    appliesTo,
    expression: `[${label}] is not null`,
    message: `${label} is empty, and a line of this type needs it.`,
    remedy: `Fill the field of Billing that ${label} comes from, or map another one to it; the line goes on by itself.`,
  }),
);

/** The accounting segments of domain.md 3.5: asked for where an organisation's rules switch it on. */
const SEGMENTS = [
  'Deferred Segments',
  'Revenue Segments',
  'Adjustment Liability Account',
  'Adjustment Revenue Account',
  'Unbilled AR Account',
  'Contract Asset Account',
];

export const ACCOUNTING_SEGMENTS: ValidationRule = predefined({
  id: 'missing-accounting-segments',
  appliesTo: ALL,
  expression: SEGMENTS.map((label) => `[${label}] is not null`).join(' and '),
  message: 'The line lacks one of its six accounting segments.',
  remedy: 'Give the product charge all of its accounting codes in Billing; the line goes on by itself.',
});

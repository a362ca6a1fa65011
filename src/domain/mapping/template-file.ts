import { z } from 'zod';

import { POLICIES } from './policies.ts';
import { STAGING_FIELDS } from './staging-fields.ts';
import { completeTemplate, TEMPLATE_TYPES, type TransactionTemplate } from './transaction-template.ts';

const MOST_ROWS = 1_000;
const PATH = /^\s*[A-Za-z]\w*(\s*\.\s*[A-Za-z]\w*){1,6}\s*$/;

/** Text that a database can keep: JSON can spell characters that no text has. */
const isText = (text: string): boolean => !/[\0\p{Cs}]/u.test(text);
const NO_TEXT = 'has a character that no text has';
const Text = z.string().refine(isText, NO_TEXT);

const InputType = z.enum(['Character', 'Number', 'Date']);

const From = z
  .string()
  .max(300)
  .regex(PATH, 'has to be Object.Field, or Object.Relation.Field')
  .overwrite((path) => path.replaceAll(/\s+/g, ''))
  .describe('A field of Billing, by the path that leads to it: InvoiceItem.ChargeAmount.');

const Label = Text.trim()
  .min(1)
  .max(100)
  .meta({ enum: STAGING_FIELDS.flatMap(({ label, derived }) => (derived ? [] : [label])) })
  .describe('The staging field, by its label.');

/** A row as files have it. */
export const FileRow = z.strictObject({
  from: From,
  to: Label,
  type: InputType.describe('Input Value Type.'),
  end: z
    .enum(['exclusive', 'inclusive'])
    .optional()
    .describe('Whether an end date is the first day after, as Billing has it, or the last day.'),
});

/** A constant or a default as files have it. A number without quotes is taken as it is written. */
export const FileConstant = z.strictObject({
  to: Label,
  type: InputType,
  value: z
    .union([z.string().max(1_000), z.number()])
    .transform(String)
    .refine(isText, NO_TEXT)
    .describe('Exact text; a date as YYYY-MM-DD.'),
});

export const FilePolicies = z
  .strictObject({
    standaloneReference: z
      .enum(POLICIES.standaloneReference.values)
      .describe('INV, IIA, CM, DM: whether a standalone transaction keeps its reference.'),
    billRunCredits: z
      .enum(POLICIES.billRunCredits.values)
      .describe('CM: what a credit of a bill run becomes that is opposite in sign to its booking.'),
    evergreen: z
      .enum(POLICIES.evergreen.values)
      .describe('SO: booked 0 and lifted by invoices, or by the estimated contract value.'),
    subscriptionOwner: z.enum(POLICIES.subscriptionOwner.values),
    invoiceOwner: z.enum(POLICIES.invoiceOwner.values),
  })
  .partial();

/** A template file; what it leaves out is empty or has its default. */
export const TemplateFile = z
  .strictObject({
    $schema: z.string().max(500).optional(),
    name: Text.trim()
      .min(1)
      .max(128)
      .refine((name) => !/\p{Cc}/u.test(name), 'has to be one line of text'),
    type: z.enum(TEMPLATE_TYPES),
    entity: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'has to be the key of an entity: 1 to 64 of A-Z a-z 0-9 . _ -')
      .nullish()
      .describe('The key of an entity; without it the template serves those that have none of their own.'),
    rows: z.array(FileRow).min(1).max(MOST_ROWS),
    constants: z.array(FileConstant).max(MOST_ROWS).nullish().describe('For fields that no row fills.'),
    defaults: z.array(FileConstant).max(MOST_ROWS).nullish().describe('For fields whose row finds nothing.'),
    filter: Text.max(1_000)
      .nullish()
      .describe("Which drivers form lines, for example Account.Currency in ('EUR', 'USD')."),
    policies: FilePolicies.nullish(),
  })
  .meta({ title: 'revsync transaction template' });

/** A file as the template that it is. */
export function templateOf(file: z.output<typeof TemplateFile>): TransactionTemplate {
  const { name, type, entity, rows, constants, defaults, filter, policies } = file;
  return completeTemplate({
    name,
    type,
    entity: entity ?? null,
    rows: rows.map(({ end, ...row }) => (end === undefined ? row : { ...row, end })),
    constants: constants ?? [],
    defaults: defaults ?? [],
    filter: filter?.trim() ? filter.trim() : null,
    policies: Object.fromEntries(Object.entries(policies ?? {}).filter(([, value]) => value !== undefined)),
  });
}

/**
 * The template as files have it, its parts in their one order: what two equal templates write is the same to
 * the letter. Empty defaults and an absent filter are left out.
 */
export function templateDocument(template: TransactionTemplate): Record<string, unknown> {
  const { name, type, entity, rows, constants, defaults, filter, policies } = completeTemplate(template);
  return {
    name,
    type,
    entity,
    rows: rows.map(({ from, to, type: input, end }) => ({
      from,
      to,
      type: input,
      ...(end === undefined ? {} : { end }),
    })),
    constants: constants.map(constantDocument),
    ...(defaults.length === 0 ? {} : { defaults: defaults.map(constantDocument) }),
    ...(filter === null ? {} : { filter }),
    policies: { ...policies },
  };
}

const constantDocument = ({ to, type, value }: TransactionTemplate['constants'][number]) => ({
  to,
  type,
  value,
});

/** The published JSON Schema of template files. */
export function templateJsonSchema(): object {
  return z.toJSONSchema(TemplateFile, { io: 'input' });
}

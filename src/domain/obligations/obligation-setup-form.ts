import { z } from 'zod';

import { STAGING_FIELDS } from '../mapping/staging-fields.ts';
import { CHARGE_KINDS, type ChargeKind } from './charge-kinds.ts';

/** The four that Zuora Revenue has for lines from Billing (domain.md 5.3). */
export const RATABLE_METHODS = [
  'Ratable',
  'Invoice Ratable',
  'Immediate Using Start Date',
  'Immediate Using Open Period',
] as const;

/** What an event can tell of a line; the form knows all three so that the check can say which is not for us. */
export const EVENT_PROCESSINGS = ['by-percent', 'by-amount', 'by-quantity'] as const;

/** Most attributes that can decide on a template together (domain.md 5.3). */
export const MOST_ATTRIBUTES = 10;

const Name = z.string().trim().min(1).max(100);

const ReleaseEvent = z.union(
  [
    z.enum(['Upon Booking', 'Upon Billing', 'Manual']),
    z.strictObject({
      event: Name.describe('The event that releases revenue, by the name it is sent with.'),
      processing: z.enum(EVENT_PROCESSINGS).describe('What the event tells; by-quantity is not supported.'),
    }),
  ],
  'has to be Upon Booking, Upon Billing, Manual or an event with its processing',
);

const ObligationTemplate = z.strictObject({
  name: Name,
  ratableMethod: z.enum(RATABLE_METHODS).describe('How revenue spreads over time.'),
  releaseEvent: ReleaseEvent.describe('What releases revenue to be recognised.'),
  accounting: z
    .enum(['daily', 'partial-monthly'])
    .default('daily')
    .describe('What a period gets of a service period that it has a part of.'),
  retain: z
    .enum(['percent', 'amount'])
    .default('percent')
    .describe('What stays released of a line whose value changes: the percentage or the amount.'),
});

const Template = Name.describe('A template of this file, by its name.');

const Assignment = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rule'),
    when: z
      .string()
      .trim()
      .min(1)
      .max(1_000)
      .describe("A condition over staging labels: [Ordered Qty] > 100 and ATR1 = 'hardware'."),
    template: Template,
  }),
  z.strictObject({
    kind: z.literal('attributes'),
    match: z
      .record(z.string().meta({ enum: STAGING_FIELDS.map(({ label }) => label) }), z.string().max(1_000))
      .describe('Staging labels with the values that all have to match; more of them come first.'),
    template: Template,
  }),
  z.strictObject({
    kind: z.literal('item'),
    items: z
      .array(z.string().trim().min(1).max(255))
      .min(1)
      .max(1_000)
      .describe('Ids of product rate plan charges, or names of rate plan charges.'),
    template: Template,
  }),
]);

/** The check says which are missing, so that a missing one hides no other mistake. */
const Automatic = z
  .strictObject(
    Object.fromEntries(CHARGE_KINDS.map((kind) => [kind, Template.optional()])) as Record<
      ChargeKind,
      z.ZodOptional<typeof Template>
    >,
  )
  .default({});

/** The body of an obligation set-up. */
export const ObligationSetupForm = z.strictObject({
  templates: z.array(ObligationTemplate).min(1).max(100),
  assignment: z
    .array(Assignment)
    .max(1_000)
    .default([])
    .describe('Rules are tried first, then attributes, then items; what none of them takes is automatic.'),
  automatic: Automatic.describe('The template of what is assigned otherwise, by the kind of charge.'),
});

export type ObligationSetup = z.output<typeof ObligationSetupForm>;
export type ObligationTemplate = ObligationSetup['templates'][number];
export type Assignment = ObligationSetup['assignment'][number];

/** The event's name, and what it tells where it is one of a tenant's own. */
export function releaseOf({ releaseEvent }: ObligationTemplate): {
  readonly event: string;
  readonly processing: (typeof EVENT_PROCESSINGS)[number] | null;
} {
  return typeof releaseEvent === 'string' ? { event: releaseEvent, processing: null } : releaseEvent;
}

import { z } from 'zod';

import { plainText } from '../plain-text.ts';
import type { Refusal } from './refusal.ts';
import { defineStep, type JsonObject, type Turn } from './step.ts';
import { type TicketTenant, ticketText } from './ticket.ts';

/** Of Zuora Revenue, as 37.007.00.00; Instant On needs to know it. */
const RevenueVersion = z
  .string()
  .regex(/^\d{2}\.\d{3}\.\d{2}\.\d{2}$/, 'is no version of Zuora Revenue, such as 37.007.00.00');

export const SupportTicketAnswer = z
  .strictObject({
    contact: plainText().trim().min(1).max(500),
    revenueVersion: RevenueVersion,
    /** Business Unit and Company Code of a tenant without Multi-entity, where REVSYNC_TENANT_NAME does not say it. */
    tenantName: plainText().trim().min(1).max(200),
    /** The number that Zuora Support gave the ticket. */
    ticket: plainText().trim().min(1).max(200),
    resolved: z.boolean(),
  })
  .partial();
export type SupportTicketAnswer = z.infer<typeof SupportTicketAnswer>;

export const STEP_01 = defineStep<SupportTicketAnswer>({
  step: 1,
  name: 'step-01-support-ticket',
  title: 'Submit a ticket to Zuora Support',
  asks: 'A ticket to Zuora Support asks for the integration to be enabled, with the details that its processing needs.',
  kind: 'human',
  condition: null,
  reads: 'The tenant and its entities, as Billing lists them.',
  does: 'Checks the details, writes the ticket, posts it where a webhook is configured, and waits until it is resolved.',
  evidence:
    'The text of the ticket, its contact, the version of Zuora Revenue, and who said that it is resolved.',
  gates: [],
  skip: {
    legal: false,
    why: 'the version and the contact are needed later on; where Zuora has nothing to enable, answer {"resolved": true} with a note',
  },
  final: null,
  again: [10, 11],
  answer: SupportTicketAnswer,
  example: { contact: 'ann@example.com', revenueVersion: '37.007.00.00', resolved: true },
});

/** What is known of the tenant before anybody answers. */
export interface TicketFacts extends TicketTenant {
  /** REVSYNC_TENANT_NAME; null: not set. */
  readonly configured: string | null;
}

/** Whether lines take the tenant's name from the answer: entities have names of their own, and the configuration goes first. */
export const asksForName = ({ entities, configured }: TicketFacts): boolean =>
  entities.length === 0 && configured === null;

/** Whether an answer may say that name: it is asked for, or is the configured one anyway. */
const mayName = (name: string, facts: TicketFacts): boolean =>
  asksForName(facts) || name === facts.configured;

/** The ticket that asks for the integration; null while its details are not all told. */
export function supportTicket(tenant: TicketTenant, answer: SupportTicketAnswer | null): string | null {
  const { contact, revenueVersion } = answer ?? {};
  if (contact === undefined || revenueVersion === undefined) return null;
  return ticketText({
    subject: 'Enable the integration between Zuora Billing and Zuora Revenue',
    tenant,
    details: { 'Version of Zuora Revenue': revenueVersion, Contact: contact },
    request:
      'Please enable the integration between Zuora Billing and Zuora Revenue for this tenant, and tell the contact when it is done or what else you need.',
  });
}

/** What comes next by what was answered so far. `ticket`: `supportTicket`; `posted`: a webhook has it. */
export function turnOfTicket(
  facts: TicketFacts,
  answer: SupportTicketAnswer | null,
  { ticket, posted, by }: { ticket: string | null; posted: boolean; by: string | null },
): Turn {
  if (ticket === null) return asksForDetails(facts, answer);
  if (answer?.resolved === true) return resolvedTicket(facts, answer, { ticket, posted, by });
  return {
    kind: 'ask',
    message: posted
      ? 'The ticket to Zuora Support was posted to the webhook. Answer once the integration is enabled.'
      : 'The ticket to Zuora Support is written. Send it, and answer once the integration is enabled.',
    remedy: ticket,
    value: { resolved: true },
    polls: false,
  };
}

function asksForDetails(facts: TicketFacts, answer: SupportTicketAnswer | null): Turn {
  const name = asksForName(facts)
    ? ', and how Business Unit and Company Code of its lines are to be called'
    : '';
  return {
    kind: 'ask',
    message: `A ticket has to ask Zuora Support to enable the integration. Say whom Support may contact and which version of Zuora Revenue the tenant has${name}.`,
    remedy:
      'The JSON is an example: put in yours. The ticket is written from it. Where Support has enabled the integration already, add "resolved": true.',
    value: detailsValue(facts, answer),
    polls: false,
  };
}

/** All that the ticket needs, with what is known already. */
const detailsValue = (facts: TicketFacts, answer: SupportTicketAnswer | null): JsonObject => ({
  contact: 'ann@example.com',
  revenueVersion: '37.007.00.00',
  ...(asksForName(facts) ? { tenantName: facts.name } : {}),
  ...saidIn(withoutStaleName(answer ?? {}, facts)),
});

const saidIn = (answer: SupportTicketAnswer): JsonObject =>
  Object.fromEntries(
    Object.entries(answer).flatMap(([what, said]) => (said === undefined ? [] : [[what, said]])),
  );

function resolvedTicket(
  facts: TicketFacts,
  { contact = '', revenueVersion = '', ticket: number }: SupportTicketAnswer,
  { ticket, posted, by }: { ticket: string; posted: boolean; by: string | null },
): Turn {
  return {
    kind: 'done',
    note: `The integration is enabled. Zuora Revenue ${revenueVersion}, contact ${contact}.`,
    evidence: {
      ticket,
      number: number ?? null,
      posted,
      contact,
      revenueVersion,
      tenantName: facts.name,
      resolvedBy: by,
    },
  };
}

/**
 * The step is answered bit by bit, the ticket's details, later its resolution: what is left out stays as it was said. A
 * name that nobody asks for any more does not.
 */
export const settledTicket = (
  given: SupportTicketAnswer,
  before: SupportTicketAnswer | null,
  facts: TicketFacts,
): SupportTicketAnswer => ({ ...withoutStaleName(before ?? {}, facts), ...given });

/** Entities may have come, or the configuration a name, since the tenant was given one here. */
function withoutStaleName(answer: SupportTicketAnswer, facts: TicketFacts): SupportTicketAnswer {
  const { tenantName, ...rest } = answer;
  return tenantName === undefined || mayName(tenantName, facts) ? answer : rest;
}

/** Why an answer does not do for this tenant; `before`: what was taken earlier, which is not judged again. */
export function refusalOfTicket(
  given: SupportTicketAnswer,
  facts: TicketFacts,
  before: SupportTicketAnswer | null = null,
): Refusal | null {
  const { tenantName, ...rest } = given;
  if (Object.keys(given).length === 0) {
    return { refusal: 'The answer says nothing.', value: detailsValue(facts, before) };
  }
  if (tenantName === undefined || mayName(tenantName, facts)) return null;
  const why =
    facts.entities.length > 0
      ? 'Billing lists entities, and each has its own name there'
      : `REVSYNC_TENANT_NAME says ${JSON.stringify(facts.configured)}, which goes before it`;
  return {
    refusal: `The tenant cannot be given a name here: ${why}. Leave tenantName out.`,
    value: Object.keys(rest).length === 0 ? detailsValue(facts, before) : saidIn(rest),
  };
}

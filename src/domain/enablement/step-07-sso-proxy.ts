import { z } from 'zod';

import { plainText } from '../plain-text.ts';
import { defineStep, type Turn } from './step.ts';
import { type TicketTenant, ticketText } from './ticket.ts';

export const SsoProxyAnswer = z.strictObject({
  requested: z.literal(true),
  /** The number that Zuora Support gave the ticket. */
  ticket: plainText().trim().min(1).max(200).optional(),
});
export type SsoProxyAnswer = z.infer<typeof SsoProxyAnswer>;

export const STEP_07 = defineStep<SsoProxyAnswer>({
  step: 7,
  name: 'step-07-sso-proxy',
  title: 'Request the UI authentication proxy',
  asks: 'A ticket to Zuora Support asks for single sign-on between the two systems; it may also come later.',
  kind: 'human',
  condition: null,
  reads: 'The tenant and the contact of step 1.',
  does: 'Writes the ticket, posts it where a webhook is configured, and waits until it was requested or deferred.',
  evidence: 'The text of the ticket, and who requested or deferred it, and why.',
  gates: [],
  skip: { legal: true, why: 'people sign in to both systems; nothing else depends on it' },
  final: null,
  again: [],
  answer: SsoProxyAnswer,
  example: { requested: true },
});

/** The ticket that asks for single sign-on. `contact`: of step 1. */
export const ssoTicket = (tenant: TicketTenant, contact: string | null): string =>
  ticketText({
    subject: 'Enable single sign-on between Zuora Billing and Zuora Revenue',
    tenant,
    details: contact === null ? {} : { Contact: contact },
    request:
      'Please enable the Billing - Revenue UI authentication proxy for this tenant, so that users switch between the two applications without signing in again.',
  });

/** What comes next by what was answered. `posted`: a webhook has the ticket. */
export function turnOfSso(
  answer: SsoProxyAnswer | null,
  { ticket, posted, by }: { ticket: string; posted: boolean; by: string | null },
): Turn {
  if (answer !== null) {
    return {
      kind: 'done',
      note: 'Single sign-on was requested from Zuora Support; nothing waits for it.',
      evidence: { ticket, number: answer.ticket ?? null, posted, requestedBy: by },
    };
  }
  return {
    kind: 'ask',
    message: posted
      ? 'A ticket for single sign-on between Zuora Billing and Zuora Revenue was posted to the webhook. Answer once Zuora Support has it, or skip the step with a reason; it may come later.'
      : 'A ticket for single sign-on between Zuora Billing and Zuora Revenue is written. Send it to Zuora Support and answer, or skip the step with a reason; it may come later.',
    remedy: ticket,
    value: { requested: true },
    polls: false,
  };
}

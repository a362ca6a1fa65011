import {
  asksForName,
  refusalOfTicket,
  settledTicket,
  STEP_01,
  supportTicket,
  type SupportTicketAnswer,
  type TicketFacts,
  turnOfTicket,
} from '../../src/domain/enablement/step-01-support-ticket.ts';
import { noticed } from '../../src/store/enablement/events.ts';
import { rememberTenantName } from '../../src/store/tenant-name.ts';
import type { Dependencies } from '../dependencies.ts';
import { sendNotice } from './send-notice.ts';
import type { StepContext, StepWork } from './step-work.ts';
import { ticketTenant } from './ticket-tenant.ts';

const { step, title } = STEP_01;

/** Step 1: writes the ticket to Zuora Support, posts it, and waits for its resolution. */
export function createStep01(deps: Dependencies): StepWork<SupportTicketAnswer> {
  const { db } = deps;
  return {
    async advance(context) {
      const { answer, by, named } = context;
      const told = answer?.tenantName ?? named;
      const known = await factsOf(told);
      const facts = answer === null ? known : await takenOver(known, told, by);
      const ticket = supportTicket(facts, answer);
      const posted = ticket !== null && (await isPosted(context, ticket));
      return turnOfTicket(facts, answer, { ticket, posted, by });
    },

    async refusal(given, { answer, named }) {
      return refusalOfTicket(given, await factsOf(named), answer);
    },

    async settled(given, { answer, named }) {
      return settledTicket(given, answer, await factsOf(named));
    },
  };

  async function factsOf(told: string | null): Promise<TicketFacts> {
    return { ...(await ticketTenant(deps, told)), configured: deps.tenant.tenantName };
  }

  /** How the tenant is called from now on: lines without an entity of Billing have that name. */
  async function takenOver(facts: TicketFacts, name: string | null, by: string | null): Promise<TicketFacts> {
    if (name === null || !asksForName(facts)) return facts;
    await rememberTenantName(db, name, by ?? 'enablement');
    return factsOf(name);
  }

  /** What is resolved already needs no ticket any more. */
  async function isPosted(
    { enablement, answer }: StepContext<SupportTicketAnswer>,
    text: string,
  ): Promise<boolean> {
    if (answer?.resolved === true) {
      return (await noticed(db, enablement, { step, kind: 'ticket-sent', text })) === 'sent';
    }
    return sendNotice(deps, enablement, { event: 'ticket', step, title, text });
  }
}

import { SupportTicketAnswer } from '../../src/domain/enablement/step-01-support-ticket.ts';
import {
  ssoTicket,
  type SsoProxyAnswer,
  STEP_07,
  turnOfSso,
} from '../../src/domain/enablement/step-07-sso-proxy.ts';
import { noticed } from '../../src/store/enablement/events.ts';
import type { Dependencies } from '../dependencies.ts';
import { sendNotice } from './send-notice.ts';
import type { StepContext, StepWork } from './step-work.ts';
import { ticketTenant } from './ticket-tenant.ts';

const { step, title } = STEP_07;

/** Step 7: writes the ticket for single sign-on, posts it, and waits until it was requested. */
export function createStep07(deps: Dependencies): StepWork<SsoProxyAnswer> {
  return {
    async advance(context) {
      const { answer, answers, by, named } = context;
      const { contact, tenantName } = SupportTicketAnswer.parse(answers[1] ?? {});
      const ticket = ssoTicket(await ticketTenant(deps, tenantName ?? named), contact ?? null);
      return turnOfSso(answer, { ticket, posted: await isPosted(context, ticket), by });
    },
  };

  /** Somebody who requested it himself needs no second ticket. */
  async function isPosted(
    { enablement, answer }: StepContext<SsoProxyAnswer>,
    text: string,
  ): Promise<boolean> {
    if (answer !== null) {
      return (await noticed(deps.db, enablement, { step, kind: 'ticket-sent', text })) === 'sent';
    }
    return sendNotice(deps, enablement, { event: 'ticket', step, title, text });
  }
}

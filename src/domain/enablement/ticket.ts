import { listedNames, shortName } from './listed-names.ts';

/** What a ticket to Zuora Support tells of the tenant. */
export interface TicketTenant {
  /** Its name, or its key where nobody named it. */
  readonly name: string;
  readonly key: string;
  /** With Multi-entity, as Billing calls them; empty without. */
  readonly entities: readonly { readonly displayName: string; readonly billingId: string | null }[];
}

interface Ticket {
  readonly subject: string;
  readonly tenant: TicketTenant;
  /** What else Support has to know, as `Contact`. */
  readonly details: Readonly<Record<string, string>>;
  readonly request: string;
}

/**
 * The text of a ticket, ready to send and so with every entity: a line for each thing, and a full stop after it.
 */
export function ticketText({ subject, tenant, details, request }: Ticket): string {
  const { name, key, entities } = tenant;
  const called = entities.map(({ displayName, billingId }) => named(displayName, billingId));
  return [
    `Subject: ${subject}.`,
    `Tenant: ${named(name, key)}.`,
    ...(called.length === 0 ? [] : [`Entities in Billing: ${listedNames(called, called.length)}.`]),
    ...Object.entries(details).map(([what, said]) => `${what}: ${said.replace(/\s+/g, ' ')}.`),
    request,
  ].join('\n');
}

const named = (name: string, id: string | null): string =>
  id === null || id === name ? shortName(name) : `${shortName(name)} (${id})`;

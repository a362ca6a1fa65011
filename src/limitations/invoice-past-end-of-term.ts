import { sql } from 'kysely';

import { BILLING_RULES } from '../domain/settings/billing-rules.ts';
import { defineLimitation, type Hit } from './limitation.ts';
import { joined, rowsOf } from './rows.ts';

const id = 'invoice-past-end-of-term';

/**
 * The newest version of each subscription, with the latest term end that any version had: what was billed before a
 * cancellation moved the term's end was within the term. Ends are the first day after.
 */
const terms = (entity: string) => sql`(
      select distinct on ("Subscription".name) "Subscription".name, upper("Subscription".term_type) as term_type,
        max("Subscription".term_end_date) over (partition by "Subscription".name) as ends
      from ${rowsOf('Subscription')} where "Subscription".entity = ${entity} and not "Subscription".deleted
      order by "Subscription".name, "Subscription".version desc nulls last, "Subscription".updated_date desc nulls last
    )`;

/** What a bill run invoiced for days that no term covers. */
export const invoicePastEndOfTerm = defineLimitation({
  id,
  heading: 'Invoice Past End-of-Term billing rule',
  scope: 'tenant setting',
  outcome: 'refuse',
  checkedAt: ['settings'],
  does: 'Names this limitation at each of the three settings that is on, with every settings sync; the guided enablement does not go on while one is, unless an operator accepts it with a reason.',
  remedy:
    'Turn the rule off in Billing (Define Billing Rules, and the default settings of subscriptions), and renew subscriptions that go on: the renewal books what is billed next.',
  before:
    'Turn the rule off, and renew or end the subscriptions that were billed beyond their term before the first sync.',
  settings: BILLING_RULES.filter(({ limitation }) => limitation === id).map((rule) => rule.id),
  inBilling: {
    objects: ['InvoiceItem', 'Invoice', 'Subscription', 'Account'],
    hits: (entity) => sql<Hit>`
    select 'InvoiceItem' as object, "InvoiceItem".id, "InvoiceItem".charge_amount as amount,
      coalesce("InvoiceItem".transaction_currency, "Account".currency) as currency,
      concat('billed to ', "InvoiceItem".service_end_date, ', the term of subscription "', term.name, '" ends ', term.ends) as detail
    from ${rowsOf('InvoiceItem')}
    cross join lateral (select ${entity}::text as entity) as own
    ${joined('Invoice', sql`"InvoiceItem".invoice_id`)}
    ${joined('Subscription', sql`"InvoiceItem".subscription_id`)}
    join ${terms(entity)} as term on term.name = "Subscription".name
    ${joined('Account', sql`coalesce("InvoiceItem".account_id, "Invoice".account_id)`)}
    where "InvoiceItem".entity = ${entity} and not "InvoiceItem".deleted and "Invoice".status = 'Posted'
      and term.term_type = 'TERMED' and upper("Subscription".term_type) = 'TERMED' and "InvoiceItem".service_end_date > term.ends`,
  },
});

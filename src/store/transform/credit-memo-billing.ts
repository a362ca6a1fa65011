import { type RawBuilder, sql } from 'kysely';

import { CREDIT_MEMO_ITEM_ROUTES } from '../../domain/mapping/correction-routes.ts';
import type { TemplatePolicies } from '../../domain/mapping/policies.ts';
import { billingDerivation } from './billing.ts';
import { isUsageCreditedAsInvoice, spelled } from '../../limitations/charge.ts';
import { CORRECTION_FACTS, SETTLED } from './correction-facts.ts';
import { typeBySigns } from './credit-type.ts';
import type { Derivation } from './derivation.ts';
import { keyTo } from './key-to.ts';
import { notPosted } from './not-posted.ts';
import { holdingLookalikes, replacesAdjustment } from './supplanting.ts';

const source = spelled(sql`"CreditMemo".source`);
const sourceType = spelled(sql`"CreditMemo".source_type`);
const chargeKey = keyTo(CREDIT_MEMO_ITEM_ROUTES, 'RatePlanCharge');
const itemKey = keyTo(CREDIT_MEMO_ITEM_ROUTES, 'InvoiceItem');

/**
 * What the memo was made from: `charge` (of the product catalog), `invoice`, or `billing`: a bill run, and whatever
 * else bills or amends. Where the memo does not say, its item tells.
 */
const ORIGIN = sql<string>`case
  when ${source} = 'adhocfromprpc' then 'charge'
  when ${source} = 'adhocfrominvoice' then 'invoice'
  when ${source} is not null then 'billing'
  when ${sourceType} = 'standalone' then 'charge'
  when ${sourceType} = 'invoice' or ${itemKey} is not null then 'invoice'
  when ${chargeKey} is null then 'charge'
  else 'billing'
end`;

/** The reversal of a whole invoice cancels it and leaves the price of the contract alone (domain.md 3.2). */
const TYPE_FROM_INVOICE = sql<string>`case
  when ${isUsageCreditedAsInvoice('RatePlanCharge')} then 'INV'
  when "Invoice".reversed then 'CM-C'
  else 'CM'
end`;

/** A memo from a charge refers to nothing; one from an invoice when it has nothing, or is not to carry it. */
function standaloneUnder(policy: TemplatePolicies['standaloneReference']): RawBuilder<boolean> {
  const fromInvoice = sql`"Facts".origin = 'invoice'`;
  const alone =
    policy === 'remove'
      ? fromInvoice
      : sql`${fromInvoice} and "Facts".charge_key is null and "Facts".item_key is null`;
  return sql<boolean>`("Facts".origin = 'charge' or ${alone})`;
}

/** Credits by memo, while Invoice Settlement is on. */
export function creditMemoBilling({
  standaloneReference = 'keep',
  billRunCredits = 'CM',
}: TemplatePolicies): Derivation {
  const derivation = billingDerivation({
    routes: CREDIT_MEMO_ITEM_ROUTES,
    exclusions: [
      ['type-off', sql`not ${SETTLED}`],
      replacesAdjustment('CreditMemoItem'),
      notPosted('CreditMemo'),
      ['tax', sql`lower("CreditMemoItem".processing_type) in ('3', 'tax')`],
    ],
    document: 'CreditMemo',
    origin: ORIGIN,
    signed: (amount) => sql`-(${amount})`,
    standalone: standaloneUnder(standaloneReference),
    lineType: sql<string>`case when "Facts".origin = 'invoice' then ${TYPE_FROM_INVOICE}
      else ${typeBySigns(CORRECTION_FACTS, billRunCredits)} end`,
    credits: true,
    rateDay: null,
    blankCodes: null,
  });
  return holdingLookalikes(derivation);
}

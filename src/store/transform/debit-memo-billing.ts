import { type RawBuilder, sql } from 'kysely';

import { DEBIT_MEMO_ITEM_ROUTES } from '../../domain/mapping/correction-routes.ts';
import type { TemplatePolicies } from '../../domain/mapping/policies.ts';
import { billingDerivation } from './billing.ts';
import { spelled } from '../../limitations/charge.ts';
import { SETTLED } from './correction-facts.ts';
import type { Derivation } from './derivation.ts';
import { notPosted } from './not-posted.ts';
import { holdingLookalikes, replacesAdjustment } from './supplanting.ts';

const source = spelled(sql`"DebitMemo".source`);

/**
 * What the memo was made from: `reversal` of a credit memo, `hand` (from a charge or an invoice), or `billing`: a
 * bill run, and whatever else bills.
 */
const ORIGIN = sql<string>`case
  when ${source} = 'adhocfromcreditmemo' or "DebitMemo".referred_credit_memo_id is not null then 'reversal'
  when ${source} is null or ${source} like 'adhoc%' then 'hand'
  else 'billing'
end`;

function standaloneUnder(policy: TemplatePolicies['standaloneReference']): RawBuilder<boolean> {
  const unreferenced = sql`"Facts".charge_key is null and "Facts".item_key is null`;
  return policy === 'remove'
    ? sql<boolean>`("Facts".origin = 'hand' or ${unreferenced})`
    : sql<boolean>`(${unreferenced})`;
}

/**
 * Debits by memo, while Invoice Settlement is on: always invoices. The reversal of a credit memo bills the credited
 * charge again and does not refer to the memo (domain.md 3.5).
 */
export function debitMemoBilling({ standaloneReference = 'keep' }: TemplatePolicies): Derivation {
  const derivation = billingDerivation({
    routes: DEBIT_MEMO_ITEM_ROUTES,
    exclusions: [
      ['type-off', sql`not ${SETTLED}`],
      replacesAdjustment('DebitMemoItem'),
      notPosted('DebitMemo'),
      ['tax', sql`lower("DebitMemoItem".processing_type) in ('3', 'tax')`],
    ],
    document: 'DebitMemo',
    origin: ORIGIN,
    signed: null,
    standalone: standaloneUnder(standaloneReference),
    lineType: sql<string>`'INV'`,
    credits: false,
    rateDay: null,
    blankCodes: null,
  });
  return holdingLookalikes(derivation);
}

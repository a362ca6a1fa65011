import { sql } from 'kysely';

import { defineLimitation, type Footprint, type Hit } from './limitation.ts';
import { linesFrom } from './lines.ts';
import { adjustments, creditMemoItems, debitMemoItems } from './manual-corrections.ts';

const inBilling: Footprint = {
  objects: [
    'InvoiceItemAdjustment',
    'CreditMemo',
    'CreditMemoItem',
    'DebitMemo',
    'DebitMemoItem',
    'Invoice',
    'InvoiceItem',
    'RatePlanCharge',
    'ProductRatePlanCharge',
  ],
  hits: (entity) => sql<Hit>`
    ${adjustments(entity)} union all ${creditMemoItems(entity)} union all ${debitMemoItems(entity)}`,
};

/** What a person enters beside the bill runs: it stands alone, or refers to a booking, as the template says. */
export const standaloneBillingTransactions = defineLimitation({
  id: 'standalone-billing-transactions',
  heading: 'Standalone Billing transactions in Zuora Revenue',
  scope: 'line',
  outcome: 'standalone',
  checkedAt: ['staging'],
  does: 'Refers to the booking of what is corrected by default. Where a template has the policy `standaloneReference: remove`, and where there is nothing to refer to, the line stands alone with a booking that is made for it.',
  remedy:
    'Decide for each type of transaction whether it stands alone: give the templates of adjustments, credit memos and debit memos the policy `standaloneReference: remove`, or keep the reference where the correction belongs to the booking.',
  before:
    'Agree with the accountants which adjustments and manual memos correct a booking, and set the policy of the templates accordingly.',
  inBilling,
  inStaging: linesFrom(inBilling),
});

import type { BriefTemplate } from '../transaction-template.ts';
import { billingRows } from './billing-rows.ts';
import { INVOICE_OWNER, SUBSCRIPTION_TYPE } from './standard-rows.ts';

/**
 * Credit memo item and debit memo item data mapping (domain.md 3.4, 3.5): amounts without tax, and no
 * subscription owner. Both documents have the same rows but for the memo they are about.
 */
const memoTemplate = (type: 'CM' | 'DM', memo: 'CreditMemo' | 'DebitMemo', name: string): BriefTemplate => ({
  name,
  type,
  entity: null,
  rows: billingRows({
    owners: [SUBSCRIPTION_TYPE, INVOICE_OWNER],
    item: `${memo}Item`,
    amount: `${memo}Item.AmountWithoutTax`,
    itemId: `${memo}Item.Id`,
    number: `${memo}.MemoNumber`,
    date: `${memo}.MemoDate`,
    quantity: `${memo}Item.Quantity`,
  }),
});

export const CREDIT_MEMO_ITEM_TEMPLATE = memoTemplate(
  'CM',
  'CreditMemo',
  'Credit Memo Template (Pre-Configured)',
);
export const DEBIT_MEMO_ITEM_TEMPLATE = memoTemplate(
  'DM',
  'DebitMemo',
  'Debit Memo Template (Pre-Configured)',
);

import { completeTemplate, type TransactionTemplate } from '../transaction-template.ts';
import { INVOICE_ITEM_ADJUSTMENT_TEMPLATE } from './invoice-item-adjustment.ts';
import { INVOICE_ITEM_TEMPLATE } from './invoice-item.ts';
import { CREDIT_MEMO_ITEM_TEMPLATE, DEBIT_MEMO_ITEM_TEMPLATE } from './memo-item.ts';
import { ORDER_TEMPLATE } from './order.ts';

/** The pre-configured templates, in the order in which a run transforms: bookings before billings. */
export const SEEDED_TEMPLATES: readonly TransactionTemplate[] = [
  ORDER_TEMPLATE,
  INVOICE_ITEM_TEMPLATE,
  INVOICE_ITEM_ADJUSTMENT_TEMPLATE,
  CREDIT_MEMO_ITEM_TEMPLATE,
  DEBIT_MEMO_ITEM_TEMPLATE,
].map(completeTemplate);

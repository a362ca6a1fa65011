import type { BriefTemplate } from '../transaction-template.ts';
import { billingRows } from './billing-rows.ts';
import { INVOICE_OWNER, SUBSCRIPTION_OWNER, SUBSCRIPTION_TYPE } from './standard-rows.ts';

/**
 * Invoice item data mapping: every row of the standard field mapping, in its order
 * (seeds/invoice-item-data-mapping.txt). The two owners have no field in that document; they follow
 * the shared block of the other mapping documents (domain.md 3.4).
 */
export const INVOICE_ITEM_TEMPLATE: BriefTemplate = {
  name: 'Invoice Template (Pre-Configured)',
  type: 'INV',
  entity: null,
  rows: billingRows({
    owners: [SUBSCRIPTION_OWNER, INVOICE_OWNER, SUBSCRIPTION_TYPE],
    item: 'InvoiceItem',
    amount: 'InvoiceItem.ChargeAmount',
    itemId: 'InvoiceItem.Id',
    number: 'Invoice.InvoiceNumber',
    date: 'Invoice.InvoiceDate',
    quantity: 'InvoiceItem.Quantity',
  }),
};

import type { BriefTemplate } from '../transaction-template.ts';
import { billingRows } from './billing-rows.ts';
import { INVOICE_OWNER, SUBSCRIPTION_OWNER, SUBSCRIPTION_TYPE } from './standard-rows.ts';

/**
 * Invoice item adjustment data mapping (domain.md 3.4, 3.5): the billing item is the invoice item that was
 * adjusted, number and date are the adjustment's own.
 */
export const INVOICE_ITEM_ADJUSTMENT_TEMPLATE: BriefTemplate = {
  name: 'Invoice Item Adjustment Template (Pre-Configured)',
  type: 'IIA',
  entity: null,
  rows: billingRows({
    owners: [SUBSCRIPTION_OWNER, SUBSCRIPTION_TYPE, INVOICE_OWNER],
    item: 'InvoiceItemAdjustment',
    amount: 'InvoiceItemAdjustment.Amount',
    itemId: 'InvoiceItem.Id',
    number: 'InvoiceItemAdjustment.AdjustmentNumber',
    date: 'InvoiceItemAdjustment.AdjustmentDate',
    quantity: 'InvoiceItem.Quantity',
  }),
};

import type { TransactionTemplate } from '../transaction-template.ts';
import { INVOICE_ITEM_TEMPLATE } from './invoice-item.ts';

/** Labels of the invoice item mapping that only a billing line has, or that a booking maps from elsewhere. */
const BILLING_ONLY = new Set([
  'Sales Order Date',
  'Revenue Start Date',
  'Revenue End Date',
  'Ext Sell Price',
  'Billing Id',
  'Billing Item Id',
  'Invoice Num',
  'Invoice Date',
  'Invoice Qty',
]);

/**
 * Sales order data mapping: the block shared by all types (domain.md 3.4) and the booking's own rows
 * (domain.md 3.5).
 */
export const ORDER_TEMPLATE: TransactionTemplate = {
  name: 'Subscription Order Template (Pre-Configured)',
  type: 'SO',
  entity: null,
  rows: [
    ...INVOICE_ITEM_TEMPLATE.rows.filter((row) => !BILLING_ONLY.has(row.to)),
    { from: 'RatePlanCharge.OriginalOrderDate', to: 'Sales Order Date', type: 'Date' },
    { from: 'RatePlanCharge.EffectiveStartDate', to: 'Revenue Start Date', type: 'Date' },
    { from: 'RatePlanCharge.EffectiveEndDate', to: 'Revenue End Date', type: 'Date', end: 'exclusive' },
    { from: 'ChargeContractualValueAllCharges.Amount', to: 'Ext Sell Price', type: 'Number' },
    { from: 'ChargeContractualValueAllCharges.Elp', to: 'Ext List Price', type: 'Number' },
    { from: 'Amendment.Id', to: 'Amendment Id', type: 'Character' },
    { from: 'Amendment.Type', to: 'Amendment Type', type: 'Character' },
    { from: 'Ramp.Id', to: 'Ramp Id', type: 'Character' },
  ],
};

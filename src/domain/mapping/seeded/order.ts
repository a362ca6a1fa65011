import type { BriefTemplate } from '../transaction-template.ts';
import {
  CUSTOMER_AND_CHARGE,
  INVOICE_OWNER,
  ORDERED_QUANTITY,
  SEGMENTS_AND_PRODUCT,
  SUBSCRIPTION,
  SUBSCRIPTION_OWNER,
  SUBSCRIPTION_TYPE,
} from './standard-rows.ts';

/** Sales order data mapping: every row of the standard field mapping, in its order (domain.md 3.4, 3.5). */
export const ORDER_TEMPLATE: BriefTemplate = {
  name: 'Subscription Order Template (Pre-Configured)',
  type: 'SO',
  entity: null,
  rows: [
    ...CUSTOMER_AND_CHARGE,
    { from: 'RatePlanCharge.OriginalOrderDate', to: 'Sales Order Date', type: 'Date' },
    ...SUBSCRIPTION,
    SUBSCRIPTION_OWNER,
    SUBSCRIPTION_TYPE,
    INVOICE_OWNER,
    { from: 'Amendment.Id', to: 'Amendment Id', type: 'Character' },
    { from: 'Amendment.Type', to: 'Amendment Type', type: 'Character' },
    { from: 'RatePlanCharge.EffectiveStartDate', to: 'Revenue Start Date', type: 'Date' },
    { from: 'RatePlanCharge.EffectiveEndDate', to: 'Revenue End Date', type: 'Date', end: 'exclusive' },
    ORDERED_QUANTITY,
    { from: 'ChargeContractualValueAllCharges.Elp', to: 'Ext List Price', type: 'Number' },
    { from: 'ChargeContractualValueAllCharges.Amount', to: 'Ext Sell Price', type: 'Number' },
    ...SEGMENTS_AND_PRODUCT,
    { from: 'Ramp.Id', to: 'Ramp Id', type: 'Character' },
  ],
};

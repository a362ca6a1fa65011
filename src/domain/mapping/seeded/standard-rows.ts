import type { TemplateRow } from '../transaction-template.ts';

/*
 * What the mapping documents of the five transaction types have in common (domain.md 3.4), in their order: each
 * document is these blocks with its own rows between them.
 */

/** From the entity to the product: the first rows of every document. */
export const CUSTOMER_AND_CHARGE: readonly TemplateRow[] = [
  { from: 'Entity.DisplayName', to: 'Business Unit', type: 'Character' },
  { from: 'Entity.EntityName', to: 'Company Code', type: 'Character' },
  { from: 'Account.AccountNumber', to: 'Customer Number', type: 'Character' },
  { from: 'Account.Name', to: 'Customer Name', type: 'Character' },
  { from: 'Account.Id', to: 'Account Id', type: 'Character' },
  { from: 'Entity.HomeCurrency', to: 'Functional Currency', type: 'Character' },
  { from: 'Account.Currency', to: 'Transaction Currency', type: 'Character' },
  { from: 'RatePlan.Id', to: 'Rate Plan Id', type: 'Character' },
  { from: 'RatePlan.Name', to: 'Rate Plan Name', type: 'Character' },
  { from: 'RatePlanCharge.ChargeNumber', to: 'Rate Plan Charge Num', type: 'Character' },
  { from: 'RatePlanCharge.Name', to: 'Rate Plan Charge Name', type: 'Character' },
  { from: 'RatePlanCharge.Version', to: 'Rate Plan Charge Version', type: 'Number' },
  { from: 'RatePlanCharge.ChargeModel', to: 'Rate Plan Charge Model', type: 'Character' },
  { from: 'RatePlanCharge.ChargeType', to: 'Rate Plan Charge Type', type: 'Character' },
  { from: 'RatePlanCharge.TriggerEvent', to: 'Rate Plan Charge Trigger Event', type: 'Character' },
  { from: 'RatePlanCharge.Segment', to: 'Rate Plan Charge Segment', type: 'Number' },
  { from: 'RatePlanCharge.Id', to: 'Rate Plan Charge Id', type: 'Character' },
  { from: 'RatePlanCharge.OriginalId', to: 'Original Rate Plan Charge Id', type: 'Character' },
  { from: 'Product.Id', to: 'Product Id', type: 'Character' },
];

export const SUBSCRIPTION: readonly TemplateRow[] = [
  { from: 'Subscription.Id', to: 'Subscription ID', type: 'Character' },
  { from: 'Subscription.Name', to: 'Subscription Name', type: 'Character' },
  { from: 'Subscription.Version', to: 'Subscription Version', type: 'Number' },
  { from: 'Subscription.SubscriptionStartDate', to: 'Subscription Start Date', type: 'Date' },
  { from: 'Subscription.SubscriptionEndDate', to: 'Subscription End Date', type: 'Date', end: 'exclusive' },
];

/** These three come in another order, or not at all, from document to document. */
export const SUBSCRIPTION_OWNER: TemplateRow = {
  from: 'Subscription.Account.Name',
  to: 'Subscription Owner',
  type: 'Character',
};
export const INVOICE_OWNER: TemplateRow = {
  from: 'Subscription.InvoiceOwner.Name',
  to: 'Invoice Owner',
  type: 'Character',
};
export const SUBSCRIPTION_TYPE: TemplateRow = {
  from: 'Subscription.TermType',
  to: 'Subscription Type',
  type: 'Character',
};

export const ORDERED_QUANTITY: TemplateRow = {
  from: 'RatePlanCharge.Quantity',
  to: 'Ordered Qty',
  type: 'Number',
};

const segment = (code: string, to: string): TemplateRow => ({
  from: `ProductRatePlanCharge.${code}AccountingCode.Name`,
  to,
  type: 'Character',
});

/** From the accounting segments to the dates of the charge. */
export const SEGMENTS_AND_PRODUCT: readonly TemplateRow[] = [
  segment('ContractLiability', 'Deferred Segments'),
  segment('ContractRecognizedRevenue', 'Revenue Segments'),
  segment('AdjustmentLiability', 'Adjustment Liability Account'),
  segment('AdjustmentRevenue', 'Adjustment Revenue Account'),
  segment('UnbilledReceivables', 'Unbilled AR Account'),
  segment('ContractAsset', 'Contract Asset Account'),
  { from: 'ProductRatePlanCharge.Id', to: 'Product Rate Plan Charge Id', type: 'Character' },
  { from: 'ProductRatePlan.Id', to: 'Product Rate Plan Id', type: 'Character' },
  { from: 'RatePlanCharge.CreatedDate', to: 'Charge Created Date', type: 'Date' },
  { from: 'RatePlanCharge.UpdatedDate', to: 'Charge Last Update Date', type: 'Date' },
];

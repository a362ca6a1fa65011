import type { InputValueType } from '../../src/domain/mapping/staging-fields.ts';
import type { TemplateType } from '../../src/domain/mapping/transaction-template.ts';

/** A row of a mapping document: Billing field, staging field, Input Value Type. */
export type TableRow = readonly [from: string, to: string, type: InputValueType];

/** `field | label | type`, one row a line; an empty type says Character. */
const rows = (text: string): TableRow[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [from = '', to = '', type = 'Character'] = line.split('|').map((cell) => cell.trim());
      return [from, to, type as InputValueType];
    });

const UP_TO_PRODUCT = `
Entity.DisplayName | Business Unit
Entity.EntityName | Company Code
Account.AccountNumber | Customer Number
Account.Name | Customer Name
Account.Id | Account Id
Entity.HomeCurrency | Functional Currency
Account.Currency | Transaction Currency
RatePlan.Id | Rate Plan Id
RatePlan.Name | Rate Plan Name
RatePlanCharge.ChargeNumber | Rate Plan Charge Num
RatePlanCharge.Name | Rate Plan Charge Name
RatePlanCharge.Version | Rate Plan Charge Version | Number
RatePlanCharge.ChargeModel | Rate Plan Charge Model
RatePlanCharge.ChargeType | Rate Plan Charge Type
RatePlanCharge.TriggerEvent | Rate Plan Charge Trigger Event
RatePlanCharge.Segment | Rate Plan Charge Segment | Number
RatePlanCharge.Id | Rate Plan Charge Id
RatePlanCharge.OriginalId | Original Rate Plan Charge Id
Product.Id | Product Id
`;

const UP_TO_SUBSCRIPTION_END = `
Subscription.Id | Subscription ID
Subscription.Name | Subscription Name
Subscription.Version | Subscription Version | Number
Subscription.SubscriptionStartDate | Subscription Start Date | Date
Subscription.SubscriptionEndDate | Subscription End Date | Date
`;

const OWNER = 'Subscription.Account.Name | Subscription Owner\n';
const PAYER = 'Subscription.InvoiceOwner.Name | Invoice Owner\n';
const KIND = 'Subscription.TermType | Subscription Type\n';

const UP_TO_CHARGE_DATES = `
ProductRatePlanCharge.ContractLiabilityAccountingCode.Name | Deferred Segments
ProductRatePlanCharge.ContractRecognizedRevenueAccountingCode.Name | Revenue Segments
ProductRatePlanCharge.AdjustmentLiabilityAccountingCode.Name | Adjustment Liability Account
ProductRatePlanCharge.AdjustmentRevenueAccountingCode.Name | Adjustment Revenue Account
ProductRatePlanCharge.UnbilledReceivablesAccountingCode.Name | Unbilled AR Account
ProductRatePlanCharge.ContractAssetAccountingCode.Name | Contract Asset Account
ProductRatePlanCharge.Id | Product Rate Plan Charge Id
ProductRatePlan.Id | Product Rate Plan Id
RatePlanCharge.CreatedDate | Charge Created Date | Date
RatePlanCharge.UpdatedDate | Charge Last Update Date | Date
`;

const TERM_START = 'Subscription.TermStartDate | Sales Order Date | Date';

/**
 * The standard field mappings of the five transaction types, row by row in the order of their documents
 * (seeds/invoice-item-data-mapping.txt, domain.md 3.4 and 3.5). Where a document offers two owners, the present one.
 */
export const MAPPING_TABLES: Readonly<Record<TemplateType, readonly TableRow[]>> = {
  SO: [
    ...rows(UP_TO_PRODUCT),
    ...rows('RatePlanCharge.OriginalOrderDate | Sales Order Date | Date'),
    ...rows(UP_TO_SUBSCRIPTION_END),
    ...rows(OWNER + KIND + PAYER),
    ...rows(`
Amendment.Id | Amendment Id
Amendment.Type | Amendment Type
RatePlanCharge.EffectiveStartDate | Revenue Start Date | Date
RatePlanCharge.EffectiveEndDate | Revenue End Date | Date
RatePlanCharge.Quantity | Ordered Qty | Number
ChargeContractualValueAllCharges.Elp | Ext List Price | Number
ChargeContractualValueAllCharges.Amount | Ext Sell Price | Number`),
    ...rows(UP_TO_CHARGE_DATES),
    ...rows('Ramp.Id | Ramp Id'),
  ],
  INV: [
    ...rows(UP_TO_PRODUCT),
    ...rows(TERM_START),
    ...rows(UP_TO_SUBSCRIPTION_END),
    ...rows(OWNER + PAYER + KIND),
    ...rows(`
InvoiceItem.ServiceStartDate | Revenue Start Date | Date
InvoiceItem.ServiceEndDate | Revenue End Date | Date
RatePlanCharge.Quantity | Ordered Qty | Number
InvoiceItem.ChargeAmount | Ext Sell Price | Number`),
    ...rows(UP_TO_CHARGE_DATES),
    ...rows(`
Invoice.Id | Billing Id
InvoiceItem.Id | Billing Item Id
Invoice.InvoiceNumber | Invoice Num
Invoice.InvoiceDate | Invoice Date | Date
InvoiceItem.Quantity | Invoice Qty | Number`),
  ],
  IIA: [
    ...rows(UP_TO_PRODUCT),
    ...rows(TERM_START),
    ...rows(UP_TO_SUBSCRIPTION_END),
    ...rows(OWNER + KIND + PAYER),
    ...rows(`
InvoiceItemAdjustment.ServiceStartDate | Revenue Start Date | Date
InvoiceItemAdjustment.ServiceEndDate | Revenue End Date | Date
RatePlanCharge.Quantity | Ordered Qty | Number
InvoiceItemAdjustment.Amount | Ext Sell Price | Number`),
    ...rows(UP_TO_CHARGE_DATES),
    ...rows(`
Invoice.Id | Billing Id
InvoiceItem.Id | Billing Item Id
InvoiceItemAdjustment.AdjustmentNumber | Invoice Num
InvoiceItemAdjustment.AdjustmentDate | Invoice Date | Date
InvoiceItem.Quantity | Invoice Qty | Number`),
  ],
  CM: [
    ...rows(UP_TO_PRODUCT),
    ...rows(TERM_START),
    ...rows(UP_TO_SUBSCRIPTION_END),
    ...rows(KIND + PAYER),
    ...rows(`
CreditMemoItem.ServiceStartDate | Revenue Start Date | Date
CreditMemoItem.ServiceEndDate | Revenue End Date | Date
RatePlanCharge.Quantity | Ordered Qty | Number
CreditMemoItem.AmountWithoutTax | Ext Sell Price | Number`),
    ...rows(UP_TO_CHARGE_DATES),
    ...rows(`
Invoice.Id | Billing Id
CreditMemoItem.Id | Billing Item Id
CreditMemo.MemoNumber | Invoice Num
CreditMemo.MemoDate | Invoice Date | Date
CreditMemoItem.Quantity | Invoice Qty | Number`),
  ],
  DM: [
    ...rows(UP_TO_PRODUCT),
    ...rows(TERM_START),
    ...rows(UP_TO_SUBSCRIPTION_END),
    ...rows(KIND + PAYER),
    ...rows(`
DebitMemoItem.ServiceStartDate | Revenue Start Date | Date
DebitMemoItem.ServiceEndDate | Revenue End Date | Date
RatePlanCharge.Quantity | Ordered Qty | Number
DebitMemoItem.AmountWithoutTax | Ext Sell Price | Number`),
    ...rows(UP_TO_CHARGE_DATES),
    ...rows(`
Invoice.Id | Billing Id
DebitMemoItem.Id | Billing Item Id
DebitMemo.MemoNumber | Invoice Num
DebitMemo.MemoDate | Invoice Date | Date
DebitMemoItem.Quantity | Invoice Qty | Number`),
  ],
};

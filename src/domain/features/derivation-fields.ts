import type { TemplateType } from '../mapping/transaction-template.ts';
import type { FieldNeed } from './feature.ts';

/** Paths from a template's driver, as template rows spell them; `fills` as in `FieldNeed`. */
export interface DerivationField {
  readonly anyOf: readonly string[];
  readonly fills: FieldNeed['fills'];
}

const always = (...from: readonly string[]): readonly DerivationField[] =>
  from.map((one) => ({ anyOf: [one], fills: [] }));

/** Read by all: the identity of the charge segment, its quantity, and the term it belongs to. */
const SHARED: readonly DerivationField[] = [
  ...always(
    'RatePlanCharge.OriginalId',
    'RatePlanCharge.Segment',
    'RatePlanCharge.Version',
    'RatePlanCharge.ChargeModel',
    'RatePlanCharge.ChargeType',
    'RatePlanCharge.EffectiveStartDate',
    'RatePlanCharge.Quantity',
    'Subscription.Name',
    'Subscription.Version',
    'Subscription.PreviousSubscriptionId',
    'Subscription.TermStartDate',
    'Subscription.TermEndDate',
  ),
  { anyOf: ['RatePlanCharge.ChargeNumber'], fills: ['SO Number'] },
];

/** Without status and kind a draft, or tax, would pass for revenue. */
const billed = (item: string, status: string, kind: string): readonly DerivationField[] => [
  ...SHARED,
  ...always(status, `${item}.${kind}`),
  { anyOf: [`${item}.UpdatedDate`, `${item}.CreatedDate`], fills: [] },
];

/** Whether a correction is a credit, its signs and the subscription's kind tell. */
const corrected: readonly DerivationField[] = always('Subscription.TermType');

/**
 * What the transformation reads beside the rows of a template (src/store/transform). A test holds the two together.
 * What only discounts, prices, standalone items, exclusion flags and stops of known limitations need is with those features.
 */
export const DERIVATION_FIELDS: Readonly<Record<TemplateType, readonly DerivationField[]>> = {
  SO: [
    ...SHARED,
    ...always('RatePlanCharge.EffectiveEndDate', 'Subscription.TermType'),
    { anyOf: ['RatePlanCharge.UpdatedDate', 'RatePlanCharge.CreatedDate'], fills: [] },
    { anyOf: ['Subscription.Status'], fills: ['Amendment Reason'] },
    { anyOf: ['RatePlanCharge.Name'], fills: ['Rate Plan Charge Name'] },
    {
      anyOf: [
        'RatePlanCharge.AmendedByOrderOn',
        'Amendment.EffectiveDate',
        'Amendment.ContractEffectiveDate',
      ],
      fills: ['CT Mod Date'],
    },
    { anyOf: ['Ramp.Number'], fills: ['Ramp Deal Ref'] },
  ],
  INV: billed('InvoiceItem', 'Invoice.Status', 'ProcessingType'),
  IIA: [
    ...billed('InvoiceItemAdjustment', 'InvoiceItemAdjustment.Status', 'SourceType'),
    ...corrected,
    ...always('InvoiceItemAdjustment.Type', 'Invoice.Status'),
  ],
  CM: [
    ...billed('CreditMemoItem', 'CreditMemo.Status', 'ProcessingType'),
    ...corrected,
    ...always('Invoice.Reversed'),
    { anyOf: ['CreditMemo.Source', 'CreditMemo.SourceType'], fills: [] },
    { anyOf: ['CreditMemoItem.InvoiceItemId'], fills: ['Original Invoice Line Id'] },
  ],
  DM: [
    ...billed('DebitMemoItem', 'DebitMemo.Status', 'ProcessingType'),
    { anyOf: ['DebitMemo.Source', 'DebitMemo.ReferredCreditMemoId'], fills: [] },
    { anyOf: ['DebitMemoItem.InvoiceItemId'], fills: ['Billing Id'] },
  ],
};

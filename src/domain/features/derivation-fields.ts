import type { FieldNeed } from './feature.ts';

/** Paths from a template's driver, as template rows spell them; `fills` as in `FieldNeed`. */
export interface DerivationField {
  readonly anyOf: readonly string[];
  readonly fills: FieldNeed['fills'];
}

const always = (...from: readonly string[]): readonly DerivationField[] =>
  from.map((one) => ({ anyOf: [one], fills: [] }));

/** Read by both: the identity of the charge segment, its quantity, and the term it belongs to. */
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

/**
 * What the transformation reads beside the rows of a template (src/store/transform). A test holds the two together.
 * What only discounts, prices and exclusion flags need is with those features.
 */
export const DERIVATION_FIELDS: Readonly<Record<'SO' | 'INV', readonly DerivationField[]>> = {
  SO: [
    ...SHARED,
    ...always('RatePlanCharge.EffectiveEndDate', 'Subscription.TermType'),
    { anyOf: ['RatePlanCharge.UpdatedDate', 'RatePlanCharge.CreatedDate'], fills: [] },
    { anyOf: ['Subscription.Status'], fills: ['Amendment Reason'] },
    {
      anyOf: [
        'RatePlanCharge.AmendedByOrderOn',
        'Amendment.EffectiveDate',
        'Amendment.ContractEffectiveDate',
      ],
      fills: ['CT Mod Date'],
    },
  ],
  INV: [
    ...SHARED,
    // Without these a draft, or tax, would pass for revenue.
    ...always('InvoiceItem.ProcessingType', 'Invoice.Status'),
    { anyOf: ['InvoiceItem.UpdatedDate', 'InvoiceItem.CreatedDate'], fills: [] },
  ],
};

import { codesOf, PRICE, PRODUCT_CATALOG, type Route, type Routes } from './route.ts';

/** The charge that a percentage discount was applied to, and what that one books; for a correction of its item. */
const appliedTo = (...charges: readonly string[]): readonly Route[] => [
  { path: 'AppliedToCharge', object: 'RatePlanCharge', via: charges, presence: 'named' },
  {
    path: 'AppliedToPrice',
    object: 'ChargeContractualValueAllCharges',
    via: ['AppliedToCharge.Id'],
    presence: 'optional',
  },
];

const CORRECTED_DISCOUNT: Route = {
  path: 'AppliedToItem',
  object: 'InvoiceItem',
  via: ['InvoiceItem.AppliedToInvoiceItemId'],
  presence: 'named',
};

/** Corrections while Invoice Settlement is off: one line per adjustment of an invoice item. */
export const ADJUSTMENT_ROUTES: Routes = {
  driver: 'InvoiceItemAdjustment',
  routes: [
    {
      path: 'InvoiceItem',
      via: ['InvoiceItemAdjustment.InvoiceItemId', 'InvoiceItemAdjustment.SourceId'],
      presence: 'always',
    },
    {
      path: 'Invoice',
      via: ['InvoiceItemAdjustment.InvoiceId', 'InvoiceItem.InvoiceId'],
      presence: 'always',
    },
    {
      path: 'RatePlanCharge',
      via: ['InvoiceItemAdjustment.RatePlanChargeId', 'InvoiceItem.RatePlanChargeId'],
      presence: 'named',
    },
    { path: 'RatePlan', via: ['RatePlanCharge.RatePlanId'], presence: 'named' },
    {
      path: 'Subscription',
      via: [
        'InvoiceItemAdjustment.SubscriptionId',
        'InvoiceItem.SubscriptionId',
        'RatePlanCharge.SubscriptionId',
      ],
      presence: 'named',
    },
    { path: 'Account', via: ['InvoiceItemAdjustment.AccountId', 'Invoice.AccountId'], presence: 'always' },
    {
      path: 'ProductRatePlanCharge',
      via: [
        'InvoiceItemAdjustment.ProductRatePlanChargeId',
        'InvoiceItem.ProductRatePlanChargeId',
        'RatePlanCharge.ProductRatePlanChargeId',
      ],
      presence: 'named',
    },
    ...PRODUCT_CATALOG,
    ...codesOf('InvoiceItem'),
    PRICE,
    CORRECTED_DISCOUNT,
    ...appliedTo('AppliedToItem.RatePlanChargeId'),
  ],
};

/** From an item of either kind of memo: `behind` are paths along which it may lead to what it corrects. */
function memoRoutes(
  memo: 'CreditMemo' | 'DebitMemo',
  first: readonly Route[],
  behind: readonly string[],
  discounts: readonly Route[],
): Routes {
  const item = `${memo}Item`;
  const along = (field: string, ...more: readonly string[]): string[] => [
    `${item}.${field}`,
    ...more,
    ...behind.map((path) => `${path}.${field}`),
  ];
  return {
    driver: item,
    routes: [
      { path: memo, via: [`${item}.${memo}Id`], presence: 'always' },
      ...first,
      // A memo from a charge has no invoice behind it.
      { path: 'InvoiceItem', via: along('InvoiceItemId'), presence: 'named' },
      {
        path: 'Invoice',
        via: [
          ...along('InvoiceId', 'InvoiceItem.InvoiceId'),
          `${memo}.InvoiceId`,
          `${memo}.ReferredInvoiceId`,
        ],
        presence: 'named',
      },
      {
        path: 'RatePlanCharge',
        via: along('RatePlanChargeId', 'InvoiceItem.RatePlanChargeId'),
        presence: 'named',
      },
      { path: 'RatePlan', via: ['RatePlanCharge.RatePlanId'], presence: 'named' },
      {
        path: 'Subscription',
        via: [...along('SubscriptionId', 'InvoiceItem.SubscriptionId'), 'RatePlanCharge.SubscriptionId'],
        presence: 'named',
      },
      { path: 'Account', via: [`${item}.AccountId`, `${memo}.AccountId`], presence: 'always' },
      {
        path: 'ProductRatePlanCharge',
        via: [
          ...along('ProductRatePlanChargeId', 'InvoiceItem.ProductRatePlanChargeId'),
          'RatePlanCharge.ProductRatePlanChargeId',
        ],
        presence: 'named',
      },
      ...PRODUCT_CATALOG,
      ...codesOf(item),
      PRICE,
      CORRECTED_DISCOUNT,
      ...discounts,
    ],
  };
}

/** Credits while Invoice Settlement is on: one line per item of a posted credit memo. */
export const CREDIT_MEMO_ITEM_ROUTES: Routes = memoRoutes(
  'CreditMemo',
  [],
  [],
  [
    {
      path: 'AppliedToMemoItem',
      object: 'CreditMemoItem',
      via: ['CreditMemoItem.AppliedToItemId'],
      presence: 'optional',
    },
    ...appliedTo('AppliedToMemoItem.RatePlanChargeId', 'AppliedToItem.RatePlanChargeId'),
  ],
);

/**
 * Debits while Invoice Settlement is on: one line per item of a posted debit memo. The reversal of a credit memo
 * corrects what that one did, so the way leads through its item.
 */
export const DEBIT_MEMO_ITEM_ROUTES: Routes = memoRoutes(
  'DebitMemo',
  [
    {
      path: 'ReversedItem',
      object: 'CreditMemoItem',
      via: ['DebitMemoItem.SourceItemId'],
      presence: 'optional',
    },
  ],
  ['ReversedItem'],
  [
    {
      path: 'AppliedToMemoItem',
      object: 'DebitMemoItem',
      via: ['DebitMemoItem.AppliedToItemId'],
      presence: 'optional',
    },
    {
      path: 'ReversedAppliedToItem',
      object: 'CreditMemoItem',
      via: ['ReversedItem.AppliedToItemId'],
      presence: 'optional',
    },
    ...appliedTo(
      'AppliedToMemoItem.RatePlanChargeId',
      'ReversedAppliedToItem.RatePlanChargeId',
      'AppliedToItem.RatePlanChargeId',
    ),
  ],
);

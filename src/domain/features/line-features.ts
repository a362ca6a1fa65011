import { CATALOGUE } from '../catalogue/catalogue.ts';
import type { TemplateType } from '../mapping/transaction-template.ts';
import type { Feature, FieldNeed } from './feature.ts';
import { lineNeeds } from './line-needs.ts';
import { apis, deletedColumns, exported, fields, fieldsIfThere, objects, way } from './needs.ts';

const PERMIT = 'Give the role of the integration user access to it';
const PRICES = 'ChargeContractualValueAllCharges';
const RAMP = /^(Ramp\.|Subscription\.RampId$)/;

/** Of the needs of a type's lines, those that concern these objects; the others are needed for invoices, too. */
const ownNeeds = (type: TemplateType, ...own: readonly string[]): FieldNeed[] =>
  lineNeeds(type).filter(({ anyOf }) => anyOf.some((name) => own.includes(name.split('.')[0] ?? '')));

const bookings = lineNeeds('SO').filter(({ anyOf }) => !anyOf.some((name) => RAMP.test(name)));
const ofPrices = ({ anyOf }: FieldNeed): boolean => anyOf.some((name) => name.startsWith(`${PRICES}.`));

/** What lines are made of. */
export const LINE_FEATURES: readonly Feature[] = [
  {
    id: 'bookings',
    name: 'Revenue Sync of bookings (SO lines from RatePlanCharge)',
    essential: true,
    ways: [exported(...bookings.filter((need) => !ofPrices(need)))],
    without: 'No SO line can be formed, or not rightly: nothing is booked, and billings wait for bookings.',
    remedy: `${PERMIT}; what the tenant has nowhere has to be mapped from elsewhere.`,
  },
  {
    id: 'billings',
    name: 'Revenue Sync of billings (INV lines from InvoiceItem)',
    essential: true,
    ways: [exported(...lineNeeds('INV'))],
    without: 'No INV line can be formed, or not rightly: contracts have bookings only.',
    remedy: `${PERMIT}; what the tenant has nowhere has to be mapped from elsewhere.`,
  },
  {
    id: 'booking-amounts',
    name: 'Booking amounts (contractual values of charges)',
    essential: true,
    ways: [
      way(
        `AQuA export of ${PRICES}`,
        ...apis('export'),
        ...objects(PRICES),
        ...bookings.filter((need) => ofPrices(need)),
      ),
      {
        ...way('Data Query of chargecontractualvalue', ...apis('data-query-prices')),
        note: 'Read apart from the export: a charge may wait for its amount until the next run.',
      },
    ],
    without:
      'Bookings have no amount (hold missing-ext-sell-price), but for usage and evergreen charges, so no contract has a transaction price.',
    remedy: `Ask Zuora Support for the data source ${PRICES}, or give the role Data Query.`,
  },
  {
    id: 'percentage-discounts',
    name: 'Percentage discounts, a line per discounted charge',
    essential: false,
    ways: [
      exported(
        ...fields('DiscountContractualValues', 'DiscountRatePlanChargeId', 'RatePlanChargeId', 'Amount'),
        ...fields('InvoiceItem', 'AppliedToInvoiceItemId'),
      ),
    ],
    without: 'Percentage discounts are booked without an amount and are held (missing-ext-sell-price).',
    remedy:
      'Ask Zuora Support for the data source DiscountContractualValues; for AppliedToInvoiceItemId turn on credit memos that mirror invoice items. Nothing to do for a tenant without percentage discounts.',
  },
  {
    id: 'fixed-amount-discounts',
    name: 'Discounts of a fixed amount',
    essential: false,
    ways: [exported(...fields('RatePlanChargeTier', 'RatePlanChargeId', 'DiscountAmount', 'Tier'))],
    without: 'Discounts of a fixed amount are booked with their contractual value, or wait for it.',
    remedy: `${PERMIT}. Nothing to do for a tenant without such discounts.`,
  },
  {
    id: 'standalone-invoice-items',
    name: 'Invoice items without a subscription, a booking made for each',
    essential: false,
    ways: [exported(...accountingCodes())],
    without: 'Invoice items without a charge are held (missing-accounting-code).',
    remedy: `${PERMIT}; the item's own codes come with Unified Invoicing. Nothing to do for a tenant without such items.`,
  },
  {
    id: 'exclusion-flags',
    name: 'Exclusion flags of charges, invoice items, adjustments and memo items',
    essential: false,
    ways: [exported(...exclusionFlags(), ...correctionFlags())],
    off: {
      without: exclusionFlags(),
      means: 'Nothing can be kept out of revenue by a flag: every charge and item forms lines.',
    },
    without: 'What only the missing flags exclude is booked or billed all the same.',
    remedy: `${PERMIT}; the fields come with Zuora's feature for the Billing - Revenue Integration.`,
  },
  ...stops([
    ['account-level-discounts', 'account-level discounts', 'DiscountLevel'],
    ['prepaid-charges', 'prepaid charges', 'IsPrepaid'],
    ['overage-smoothing', 'overage smoothing', 'SmoothingModel'],
  ]),
  {
    id: 'deletes',
    name: 'Rows deleted in Billing',
    essential: false,
    ways: [
      way('Deleted columns of the export', ...apis('export'), ...deletedColumns(windowed())),
      {
        ...way('Data Query with readDeleted', ...apis('data-query-deletes')),
        note: 'Asked for apart from the export, for the objects whose export cannot tell; Billing remembers them for 30 days.',
      },
      { ...way('Comparison of keys', ...apis('export')), note: null, partial: true },
    ],
    without:
      'A row that Billing deleted is noticed only when keys are compared, as the look-back runs do, so its line may be collected meanwhile.',
    remedy: 'Give the role Data Query, or ask Zuora Support for deleted rows in stateless AQuA.',
  },
  {
    id: 'adjustments',
    name: 'Credits by invoice item adjustment (Invoice Settlement off)',
    essential: false,
    ways: [exported(...ownNeeds('IIA', 'InvoiceItemAdjustment'))],
    off: {
      without: objects('InvoiceItemAdjustment'),
      means: 'The tenant has no invoice item adjustments: credits come as credit memos.',
    },
    without: 'Invoice item adjustments do not reach revenue: billings are overstated by credits.',
    remedy: `${PERMIT}.`,
  },
  {
    id: 'invoice-settlement',
    name: 'Invoice Settlement (credit and debit memos)',
    essential: false,
    ways: [
      exported(
        ...objects('CreditMemo', 'DebitMemo'),
        ...ownNeeds('CM', 'CreditMemo', 'CreditMemoItem'),
        ...fields('Invoice', 'Reversed'),
        ...ownNeeds('DM', 'DebitMemo', 'DebitMemoItem'),
      ),
    ],
    off: {
      without: objects('CreditMemo', 'CreditMemoItem', 'DebitMemo', 'DebitMemoItem'),
      means: 'Billing lists no memos: Invoice Settlement is off, or the role does not see them.',
    },
    without: 'Credit and debit memos do not reach revenue: billings are misstated by them.',
    remedy: `${PERMIT}, or finish the activation of Invoice Settlement in Billing.`,
  },
  {
    id: 'transaction-rates',
    name: 'Exchange rates on invoice items, adjustments and memo items',
    essential: false,
    ways: [exported(...apis('currency-conversion'), ...transactionRates())],
    off: {
      without: apis('currency-conversion'),
      means: 'Currency Conversion is off, so each invoice’s currency is its functional currency.',
    },
    without: 'Lines in other currencies than the home currency do not have the rate that Billing used.',
    remedy:
      'In Billing, turn on Currency Conversion and let data source exports include its additional information.',
  },
];

/** Charges that a known limitation stops by one field, their own or their product charge's. */
function stops(fieldsOf: readonly (readonly [id: string, what: string, field: string])[]): Feature[] {
  return fieldsOf.map(([id, what, field]) => {
    const need: FieldNeed = {
      kind: 'field',
      anyOf: [`RatePlanCharge.${field}`, `ProductRatePlanCharge.${field}`],
      fills: [],
    };
    return {
      id,
      name: `Stop of ${what}`,
      essential: false,
      ways: [exported(need)],
      off: { without: [need], means: `Billing has no field that tells of ${what}, so none is stopped.` },
      without: `Nothing tells of ${what}, so none is stopped.`,
      remedy: `${PERMIT}. Nothing to do for a tenant without the feature.`,
    };
  });
}

function exclusionFlags(): FieldNeed[] {
  const booking = 'ExcludeItemBookingFromRevenueAccounting';
  const billing = 'ExcludeItemBillingFromRevenueAccounting';
  return [
    ...fields('RatePlanCharge', booking, billing),
    ...fields('ProductRatePlanCharge', booking, billing),
    ...fields('InvoiceItem', billing),
  ];
}

function correctionFlags(): FieldNeed[] {
  const items = ['InvoiceItemAdjustment', 'CreditMemoItem', 'DebitMemoItem'];
  return items.flatMap((item) => fieldsIfThere(item, 'ExcludeItemBillingFromRevenueAccounting'));
}

/** An item has its own, or has those of its product charge. */
function accountingCodes(): FieldNeed[] {
  const codes = [
    'AccountReceivable',
    'AdjustmentLiability',
    'AdjustmentRevenue',
    'ContractAsset',
    'ContractLiability',
    'ContractRecognizedRevenue',
    'DeferredRevenue',
    'RecognizedRevenue',
    'UnbilledReceivables',
  ];
  return codes.map((code) => ({
    kind: 'field',
    anyOf: [`InvoiceItem.${code}AccountingCodeId`, `ProductRatePlanCharge.${code}AccountingCodeId`],
    fills: [],
  }));
}

function transactionRates(): FieldNeed[] {
  const items = ['InvoiceItem', 'InvoiceItemAdjustment', 'CreditMemoItem', 'DebitMemoItem'];
  return items.flatMap((item) => fieldsIfThere(item, 'ExchangeRate', 'ExchangeRateDate'));
}

/** Objects that are read by the window and may lose rows; the others are read whole. */
function windowed(): string[] {
  return CATALOGUE.filter(({ kind, deletes }) => kind === 'transaction' && deletes).map(({ name }) => name);
}

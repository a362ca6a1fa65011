import type { TemplateType } from '../../../src/domain/mapping/transaction-template.ts';
import { adjustment, memo } from '../../support/rich-tenant.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import type { Rows } from '../../support/sync-rows.ts';

type Change = readonly [object: string, id: string, change: Readonly<Record<string, string | null>>];

/** What withholds a line, and what the person is told; it goes on when the rows are as they should be. */
export interface WithheldCase {
  readonly type: TemplateType;
  readonly cause: string;
  readonly wrong: readonly Change[];
  readonly says: string;
  /** Rows that make the case possible. */
  readonly beside?: Rows;
}

/** The row that becomes the line. */
export const DRIVERS: Readonly<Record<TemplateType, readonly [object: string, id: string]>> = {
  SO: ['RatePlanCharge', 'rpc1'],
  INV: ['InvoiceItem', 'item1'],
  IIA: ['InvoiceItemAdjustment', 'adj1'],
  CM: ['CreditMemoItem', 'cmi1'],
  DM: ['DebitMemoItem', 'dmi1'],
};

/** A tenant with a sound line of the type. */
export function sound(type: TemplateType): Rows {
  if (type === 'IIA') return { ...sampleTenant(), InvoiceItemAdjustment: [adjustment()] };
  if (type === 'CM') return { ...sampleTenant(), ...memo('CreditMemo') };
  return type === 'DM' ? { ...sampleTenant(), ...memo('DebitMemo') } : sampleTenant();
}

/** The same, with something wrong. */
export const unsound = ({ type, wrong, beside = {} }: WithheldCase): Rows =>
  wrong.reduce<Rows>((rows, change) => withChanged(rows, ...change), withRows(sound(type), beside));

/** The rows that were wrong, as they come once somebody corrected them. */
export function corrected({ type, wrong, beside = {} }: WithheldCase): Rows {
  const right = withRows(sound(type), beside);
  return Object.fromEntries(
    wrong.map(([object, id]) => [
      object,
      (right[object] ?? [])
        .filter((row) => row['Id'] === id)
        .map((row) => ({ ...row, UpdatedDate: '2024-01-20T10:00:00Z' })),
    ]),
  );
}

const withRows = (rows: Rows, more: Rows): Rows => ({
  ...rows,
  ...Object.fromEntries(
    Object.entries(more).map(([object, list]) => [object, [...(rows[object] ?? []), ...list]]),
  ),
});

const EVERY: readonly TemplateType[] = ['SO', 'INV', 'IIA', 'CM', 'DM'];
const BILLINGS: readonly TemplateType[] = ['INV', 'IIA', 'CM', 'DM'];

const each = (
  types: readonly TemplateType[],
  cause: string,
  caseOf: (type: TemplateType) => Omit<WithheldCase, 'type' | 'cause'>,
): WithheldCase[] => types.map((type) => ({ type, cause, ...caseOf(type) }));

/** The driver without a field, whose name the message tells. */
const without =
  (field: string, kind: string) =>
  (type: TemplateType): Omit<WithheldCase, 'type' | 'cause'> => {
    const [object, id] = DRIVERS[type];
    return { wrong: [[object, id, { [field]: null }]], says: `${object}.${field} holds no ${kind}` };
  };

/** The documents that say when something was billed. */
const DATED: Readonly<Record<string, readonly [object: string, id: string, field: string]>> = {
  INV: ['Invoice', 'inv1', 'InvoiceDate'],
  IIA: ['InvoiceItemAdjustment', 'adj1', 'AdjustmentDate'],
  CM: ['CreditMemo', 'cm1', 'MemoDate'],
  DM: ['DebitMemo', 'dm1', 'MemoDate'],
};

/** Two versions of the same subscription, the later one renewed. */
const RENEWED: Rows = {
  Subscription: [
    { Id: 'old', Name: 'S-1', Version: '1', TermStartDate: '2023-01-01', TermEndDate: '2024-01-01' },
    { Id: 'new', Name: 'S-1', Version: '2', TermStartDate: '2024-01-01', PreviousSubscriptionId: 'old' },
  ],
};

const CODES = [
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

/** Every cause that rows of Billing can have under the pre-configured templates. */
export const CASES: readonly WithheldCase[] = [
  ...each(['SO'], 'missing-revenue-start-date', without('EffectiveStartDate', 'date')),
  ...each(BILLINGS, 'missing-revenue-start-date', without('ServiceStartDate', 'date')),
  ...each(['SO'], 'missing-sales-order-date', without('OriginalOrderDate', 'date')),
  ...each(BILLINGS, 'missing-sales-order-date', () => ({
    wrong: [['Subscription', 'sub1', { TermStartDate: null }]],
    says: 'Subscription.TermStartDate holds no date',
  })),
  ...each(EVERY, 'missing-so-line-id', () => ({
    wrong: [['RatePlanCharge', 'rpc1', { Segment: null }]],
    says: 'its charge has no segment number',
  })),
  ...each(EVERY, 'missing-sequence-number', () => ({
    wrong: [['Subscription', 'sub1', { Version: null }]],
    says: 'of the versions of its charge and its subscription',
  })),
  ...each(EVERY, 'missing-term-number', () => ({
    wrong: [
      ['Subscription', 'sub1', { TermStartDate: null }],
      ['RatePlanCharge', 'rpc1', { EffectiveStartDate: null }],
    ],
    says: 'its subscription was renewed',
    beside: RENEWED,
  })),
  ...each(EVERY, 'missing-ordered-qty', () => ({
    wrong: [['RatePlanCharge', 'rpc1', { Quantity: null }]],
    says: 'RatePlanCharge.Quantity holds no number',
  })),
  ...each(['INV'], 'missing-ext-sell-price', without('ChargeAmount', 'number')),
  ...each(['IIA'], 'missing-ext-sell-price', without('Amount', 'number')),
  ...each(['IIA'], 'missing-ext-sell-price', () => ({
    wrong: [['InvoiceItemAdjustment', 'adj1', { Type: null }]],
    says: 'its type is neither Credit nor Charge',
  })),
  ...each(['CM', 'DM'], 'missing-ext-sell-price', without('AmountWithoutTax', 'number')),
  ...each(BILLINGS, 'missing-invoice-date', (type) => {
    const [object = '', id = '', field = ''] = DATED[type] ?? [];
    return { wrong: [[object, id, { [field]: null }]], says: `${object}.${field} holds no date` };
  }),
  ...each(['CM'], 'missing-reference', () => ({
    wrong: [
      [
        'CreditMemo',
        'cm1',
        { Source: 'BillRun', SourceType: null, InvoiceId: null, ReferredInvoiceId: null },
      ],
      ['CreditMemoItem', 'cmi1', { RatePlanChargeId: null, InvoiceItemId: null, InvoiceId: null }],
    ],
    says: 'it names neither a charge nor an invoice item',
  })),
  ...each(['INV'], 'missing-accounting-code', () => ({
    wrong: [
      [
        'InvoiceItem',
        'item1',
        {
          RatePlanChargeId: null,
          SubscriptionId: null,
          ...Object.fromEntries(CODES.map((code) => [`${code}AccountingCodeId`, null])),
        },
      ],
    ],
    says: 'accounts receivable, deferred revenue, recognized revenue',
  })),
];

const OWN_AMOUNT = 'its amount is its own';
const NO_CODES = 'only an invoice item can be standalone by itself, and has to bring its codes along';

/** Why a cause cannot arise for lines of a type; `*`: of any. */
export const NEVER: Readonly<Record<string, Partial<Record<TemplateType | '*', string>>>> = {
  'missing-organization': { '*': 'a line has the organisation of its entity, which is never empty' },
  'missing-invoice-line-id': {
    '*': 'it is the id of the row, and a row without one is rejected; bookings have none',
  },
  'missing-invoice-date': { SO: 'bookings have none' },
  'missing-reference': {
    INV: 'an item without a charge is standalone',
    IIA: 'an adjustment without its invoice item is an orphan',
    DM: 'an item that names nothing is standalone',
  },
  'missing-accounting-code': {
    SO: 'bookings have those of their product charge, or none',
    IIA: NO_CODES,
    CM: NO_CODES,
    DM: NO_CODES,
  },
  'waits-for-price': { INV: OWN_AMOUNT, IIA: OWN_AMOUNT, CM: OWN_AMOUNT, DM: OWN_AMOUNT },
};

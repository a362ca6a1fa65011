import { sampleTenant } from './sample-tenant.ts';
import type { Rows } from './sync-rows.ts';

type Row = Readonly<Record<string, string | null>>;

/** What a bill run or a person bills for a charge; amounts as Billing has them, of a credit positive. */
export interface Billing {
  readonly id: string;
  /** An invoice, a bill run's credit memo, a memo from an invoice, or the debit that reverses a credit memo. */
  readonly kind: 'invoice' | 'credit' | 'credit of invoice' | 'reversal';
  readonly amount: string;
  /** Subscription version, from 1. */
  readonly version?: number;
  readonly date?: string;
  /** First day after the service period. */
  readonly ends?: string;
  /** Id of the invoice that a credit names, or of the credit that a reversal takes back. */
  readonly of?: string;
}

/** A charge with a subscription of its own, and all that is billed for it. Its SO line is `<id>.1`. */
export interface Story {
  readonly id: string;
  /** What each subscription version books; `ends` is the first day after, null for none. */
  readonly versions: readonly {
    readonly booked: string;
    readonly ends?: string | null;
    readonly dated?: string;
  }[];
  readonly billings?: readonly Billing[];
  readonly charge?: Row;
  readonly subscription?: Row;
  /** Id of the account, `acc` without a word. */
  readonly account?: string;
}

const tenant = sampleTenant();
const base = (object: string): Row => tenant[object]?.[0] ?? {};

/** Rows of a tenant with Invoice Settlement in which these stories happen. */
export function tenantOf(stories: readonly Story[]): Rows {
  const rows: Record<string, Row[]> = {};
  for (const object of ['Account', 'AccountingCode', 'Product', 'ProductRatePlan', 'ProductRatePlanCharge']) {
    rows[object] = [...(tenant[object] ?? [])];
  }
  for (const [object, row] of stories.flatMap(chaptersOf).flat()) (rows[object] ??= []).push(row);
  return rows;
}

type NamedRow = [object: string, row: Row];

/** The rows of a story, without what all charges share: those of each subscription version, then of each billing. */
export function chaptersOf(story: Story): NamedRow[][] {
  const chapters = [
    ...story.versions.map((_version, index) => bookingRows(story, index + 1)),
    ...(story.billings ?? []).map((billing) => billingRows(story, billing)),
  ];
  const { account } = story;
  const owned = ([object, row]: NamedRow): NamedRow =>
    account !== undefined && 'AccountId' in row ? [object, { ...row, AccountId: account }] : [object, row];
  return chapters.map((rows) => rows.map(owned));
}

function bookingRows({ id, versions, ...story }: Story, version: number): NamedRow[] {
  const { booked, ends = '2025-01-01', dated = '2024-01-02' } = versions[version - 1] ?? { booked: '0' };
  const keys = { SubscriptionId: `${id}-sub${version}`, RatePlanId: `${id}-rp${version}` };
  return [
    [
      'Subscription',
      {
        ...base('Subscription'),
        Id: keys.SubscriptionId,
        Name: `S-${id}`,
        Version: String(version),
        PreviousSubscriptionId: version === 1 ? null : `${id}-sub${version - 1}`,
        ...story.subscription,
      },
    ],
    ['RatePlan', { ...base('RatePlan'), Id: keys.RatePlanId, SubscriptionId: keys.SubscriptionId }],
    [
      'RatePlanCharge',
      {
        ...base('RatePlanCharge'),
        ...keys,
        Id: `${id}-rpc${version}`,
        OriginalId: id,
        ChargeNumber: `C-${id}`,
        Version: String(version),
        EffectiveEndDate: ends,
        OriginalOrderDate: dated,
        AmendedByOrderOn: version === 1 ? null : amendedAfter(dated),
        ...story.charge,
      },
    ],
    [
      'ChargeContractualValueAllCharges',
      {
        ...base('ChargeContractualValueAllCharges'),
        Id: `${id}-ccv${version}`,
        RatePlanChargeId: `${id}-rpc${version}`,
        Amount: booked,
      },
    ],
  ];
}

/** An order amends what was booked on an earlier day. */
const amendedAfter = (dated: string): string =>
  dated < '2024-01-20' ? '2024-01-20' : `${dated.slice(0, 8)}28`;

function billingRows({ id }: Story, billing: Billing): NamedRow[] {
  const { version = 1, date = '2024-01-10', ends = '2024-02-01', of = null } = billing;
  const item: Record<string, string | null> = {
    ...base('InvoiceItem'),
    Id: billing.id,
    SubscriptionId: `${id}-sub${version}`,
    RatePlanChargeId: `${id}-rpc${version}`,
    ServiceEndDate: ends,
  };
  if (billing.kind === 'invoice') {
    const invoice = `of-${billing.id}`;
    return [
      ['Invoice', { ...base('Invoice'), Id: invoice, InvoiceNumber: `INV-${billing.id}`, InvoiceDate: date }],
      ['InvoiceItem', { ...item, InvoiceId: invoice, ChargeAmount: billing.amount }],
    ];
  }
  const { kind, source, keys } = MEMOS[billing.kind];
  const memo = {
    Id: `of-${billing.id}`,
    MemoNumber: `${kind}-${billing.id}`,
    MemoDate: date,
    Status: 'Posted',
    Source: source,
    AccountId: 'acc',
    UpdatedDate: item['UpdatedDate'] ?? null,
  };
  const { InvoiceId: _invoice, ChargeAmount: _amount, ...shared } = item;
  return [
    [
      kind,
      {
        ...memo,
        ...(billing.kind === 'reversal' && of !== null ? { ReferredCreditMemoId: `of-${of}` } : {}),
      },
    ],
    [
      `${kind}Item`,
      {
        ...shared,
        [`${kind}Id`]: memo.Id,
        Amount: billing.amount,
        AmountWithoutTax: billing.amount,
        ...keys(of),
      },
    ],
  ];
}

const MEMOS = {
  credit: { kind: 'CreditMemo', source: 'BillRun', keys: (of: string | null) => ({ InvoiceItemId: of }) },
  'credit of invoice': {
    kind: 'CreditMemo',
    source: 'AdhocFromInvoice',
    keys: (of: string | null) => ({ InvoiceItemId: of, InvoiceId: of === null ? null : `of-${of}` }),
  },
  reversal: {
    kind: 'DebitMemo',
    source: 'AdhocFromCreditMemo',
    keys: (of: string | null) => ({ SourceItemId: of }),
  },
} as const;

import { sampleTenant } from './sample-tenant.ts';
import type { Rows } from './sync-rows.ts';

type Row = Readonly<Record<string, string | null>>;

/** A segment of a charge in a version of the subscription. */
export interface SegmentOf {
  /** Original id of the charge; its SO line is `<charge>.<segment>`. */
  readonly charge: string;
  readonly segment?: number;
  readonly from: string;
  /** First day after; null: none. */
  readonly to: string | null;
  readonly amount: string;
  readonly quantity?: string;
  /** Other fields of the charge. */
  readonly with?: Row;
  /** The charge in this version that a percentage discount takes `amount` off: `<charge>.<segment>`. */
  readonly discounts?: string;
}

/** A version of the subscription with every segment that it has, carried over or changed. */
export interface VersionOf {
  readonly version: number;
  readonly segments: readonly SegmentOf[];
  /** Other fields of the subscription. */
  readonly with?: Row;
}

const idOf = ({ charge, segment = 1 }: SegmentOf, version: number): string =>
  `${charge}-${segment}-v${version}`;

/**
 * The sample's customer with one subscription in these versions, as Billing keeps them: every version has rows of its
 * own for the subscription and for all its charges. Without billings; term 2024 unless a version says otherwise.
 */
export function amendedTenant(versions: readonly VersionOf[]): Rows {
  const { Invoice: _invoices, InvoiceItem: _items, ...tenant } = sampleTenant();
  const first = (object: string): Row => tenant[object]?.[0] ?? {};
  const segments = versions.flatMap(({ version, segments: all }) =>
    all.map((each) => ({ version, ...each })),
  );
  return {
    ...tenant,
    Subscription: versions.map(({ version, with: change }) => ({
      ...first('Subscription'),
      ...dated(version),
      Id: `sub-v${version}`,
      Version: String(version),
      PreviousSubscriptionId: version === 1 ? null : `sub-v${version - 1}`,
      ...change,
    })),
    RatePlan: versions.map(({ version }) => ({
      ...first('RatePlan'),
      Id: `rp-v${version}`,
      SubscriptionId: `sub-v${version}`,
    })),
    RatePlanCharge: segments.map((each) => chargeRow(first('RatePlanCharge'), each)),
    ChargeContractualValueAllCharges: segments
      .filter(({ discounts }) => discounts === undefined)
      .map((each) => ({
        Id: idOf(each, each.version),
        RatePlanChargeId: idOf(each, each.version),
        Amount: each.amount,
        Elp: each.amount,
        ...dated(each.version),
      })),
    DiscountContractualValues: segments.flatMap((each) => discountRow(each)),
  };
}

function chargeRow(charge: Row, { version, ...segment }: SegmentOf & { readonly version: number }): Row {
  return {
    ...charge,
    ...dated(version),
    Id: idOf(segment, version),
    OriginalId: segment.charge,
    ChargeNumber: `C-${segment.charge}`,
    Name: `Fee ${segment.charge}`,
    Version: String(version),
    Segment: String(segment.segment ?? 1),
    Quantity: segment.quantity ?? '1',
    EffectiveStartDate: segment.from,
    EffectiveEndDate: segment.to,
    SubscriptionId: `sub-v${version}`,
    RatePlanId: `rp-v${version}`,
    ...(segment.discounts === undefined ? {} : { ChargeModel: 'Discount-Percentage' }),
    ...segment.with,
  };
}

function discountRow({ version, discounts, ...segment }: SegmentOf & { readonly version: number }): Row[] {
  if (discounts === undefined) return [];
  const [charge = '', of = '1'] = discounts.split('.');
  return [
    {
      DiscountRatePlanChargeId: idOf(segment, version),
      RatePlanChargeId: `${charge}-${of}-v${version}`,
      Amount: segment.amount,
      ...dated(version),
    },
  ];
}

/** Each version was made a day after the one before. */
const dated = (version: number): Row => ({
  UpdatedDate: `2024-01-${String(version + 9).padStart(2, '0')}T00:00:00Z`,
});

/** An item of an invoice of its own, for a segment as a version of the subscription has it. */
export function billedRows(
  { charge, segment = 1, version }: { charge: string; segment?: number; version: number },
  {
    id,
    amount,
    from,
    to,
    date = '2024-02-01',
  }: { id: string; amount: string; from: string; to: string; date?: string },
): Rows {
  const { Invoice: [invoice = {}] = [], InvoiceItem: [item = {}] = [] } = sampleTenant();
  return {
    Invoice: [{ ...invoice, Id: `of-${id}`, InvoiceNumber: `INV-${id}`, InvoiceDate: date }],
    InvoiceItem: [
      {
        ...item,
        Id: id,
        InvoiceId: `of-${id}`,
        SubscriptionId: `sub-v${version}`,
        RatePlanChargeId: `${charge}-${segment}-v${version}`,
        ChargeAmount: amount,
        ServiceStartDate: from,
        ServiceEndDate: to,
      },
    ],
  };
}

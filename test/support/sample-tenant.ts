import type { Rows } from './sync-rows.ts';

const at = '2024-01-05T10:00:00Z';

/** Accounting codes of a product charge, by the staging label they end in. */
export const CODES = {
  'Deferred Segments': 'ContractLiability',
  'Revenue Segments': 'ContractRecognizedRevenue',
  'Adjustment Liability Account': 'AdjustmentLiability',
  'Adjustment Revenue Account': 'AdjustmentRevenue',
  'Unbilled AR Account': 'UnbilledReceivables',
  'Contract Asset Account': 'ContractAsset',
} as const;

const codes = Object.values(CODES);

/**
 * One customer, one subscription of a year at 100 a month, billed for two months: small enough to reckon by
 * hand, and every field of the invoice item mapping has a value of its own.
 */
export function sampleTenant(): Record<string, Record<string, string | null>[]> {
  return {
    Account: [
      { Id: 'acc', AccountNumber: 'A-1', Name: 'Meyer, "Söhne"', Currency: 'USD', UpdatedDate: at },
      { Id: 'owner', AccountNumber: 'A-2', Name: 'Payer', Currency: 'USD', UpdatedDate: at },
    ],
    AccountingCode: codes.map((code) => ({ Id: `code-${code}`, Name: `Account ${code}`, UpdatedDate: at })),
    Product: [{ Id: 'prod', Name: 'Cloud', UpdatedDate: at }],
    ProductRatePlan: [{ Id: 'prp', ProductId: 'prod', Name: 'Gold', UpdatedDate: at }],
    ProductRatePlanCharge: [
      {
        Id: 'prpc',
        ProductRatePlanId: 'prp',
        Name: 'Monthly',
        UpdatedDate: at,
        ...Object.fromEntries(codes.map((code) => [`${code}AccountingCodeId`, `code-${code}`])),
      },
    ],
    Subscription: [
      {
        Id: 'sub1',
        Name: 'S-1',
        Version: '1',
        AccountId: 'acc',
        InvoiceOwnerId: 'owner',
        Status: 'Active',
        TermType: 'TERMED',
        SubscriptionStartDate: '2024-01-01',
        SubscriptionEndDate: '2025-01-01',
        TermStartDate: '2024-01-01',
        TermEndDate: '2025-01-01',
        UpdatedDate: at,
      },
    ],
    RatePlan: [
      { Id: 'rp1', Name: 'Gold plan', SubscriptionId: 'sub1', ProductRatePlanId: 'prp', UpdatedDate: at },
    ],
    RatePlanCharge: [
      {
        Id: 'rpc1',
        OriginalId: 'orig',
        ChargeNumber: 'C-1',
        Name: 'Monthly fee',
        Version: '1',
        Segment: '1',
        ChargeModel: 'Per Unit Pricing',
        ChargeType: 'Recurring',
        TriggerEvent: 'ContractEffective',
        Quantity: '2',
        TCV: '1200.00',
        EffectiveStartDate: '2024-01-01',
        EffectiveEndDate: '2025-01-01',
        OriginalOrderDate: '2024-01-02',
        AccountId: 'acc',
        SubscriptionId: 'sub1',
        RatePlanId: 'rp1',
        ProductRatePlanChargeId: 'prpc',
        CreatedDate: '2024-01-03T08:00:00Z',
        UpdatedDate: at,
      },
    ],
    ChargeContractualValueAllCharges: [
      { Id: 'ccv1', RatePlanChargeId: 'rpc1', Amount: '1200.00', Elp: '1500.00', UpdatedDate: at },
    ],
    Invoice: [
      {
        Id: 'inv1',
        InvoiceNumber: 'INV-1',
        InvoiceDate: '2024-01-10',
        Status: 'Posted',
        AccountId: 'acc',
        UpdatedDate: at,
      },
    ],
    InvoiceItem: ['2024-01', '2024-02'].map((month, index) => ({
      Id: `item${index + 1}`,
      InvoiceId: 'inv1',
      AccountId: 'acc',
      SubscriptionId: 'sub1',
      RatePlanChargeId: 'rpc1',
      ProductRatePlanChargeId: 'prpc',
      ChargeAmount: '100.00',
      Quantity: '2',
      ProcessingType: '0',
      ServiceStartDate: `${month}-01`,
      ServiceEndDate: index === 0 ? '2024-02-01' : '2024-03-01',
      UpdatedDate: at,
    })),
  };
}

/** The tenant with rows of one object changed; `change` gets each row by its id. */
export function withChanged(
  rows: Rows,
  object: string,
  id: string,
  change: Readonly<Record<string, string | null>>,
): Rows {
  return {
    ...rows,
    [object]: (rows[object] ?? []).map((row) => (row['Id'] === id ? { ...row, ...change } : row)),
  };
}

/** One row of the sample, changed, as an export of its object alone; `Deleted: 'true'` is a tombstone. */
export function changedRow(
  object: string,
  id: string,
  change: Readonly<Record<string, string | null>>,
): Record<string, Record<string, string | null>[]> {
  const row = sampleTenant()[object]?.find((each) => each['Id'] === id);
  return { [object]: [{ ...row, Deleted: null, ...change }] };
}

import { sampleTenant } from './sample-tenant.ts';
import type { Rows } from './sync-rows.ts';

const at = '2024-01-05T10:00:00Z';

/** The keys that whatever is billed for the sample's charge has in common. */
const OF_CHARGE = {
  AccountId: 'acc',
  SubscriptionId: 'sub1',
  RatePlanChargeId: 'rpc1',
  ProductRatePlanChargeId: 'prpc',
  UpdatedDate: at,
};

/**
 * The sample with all that the five mapping documents name: it was amended, belongs to a ramp, and can be corrected.
 * No two fields that a document could confuse have the same value.
 */
export function richTenant(): Record<string, Record<string, string | null>[]> {
  const tenant = sampleTenant();
  const [subscription = {}] = tenant['Subscription'] ?? [];
  const [charge = {}] = tenant['RatePlanCharge'] ?? [];
  const [item = {}] = tenant['InvoiceItem'] ?? [];
  return {
    ...tenant,
    Subscription: [
      {
        ...subscription,
        Version: '4',
        SubscriptionStartDate: '2023-11-01',
        SubscriptionEndDate: '2025-03-01',
        TermStartDate: '2023-12-01',
        TermEndDate: '2025-02-01',
        RampId: 'ramp',
      },
    ],
    RatePlanCharge: [{ ...charge, Version: '3', Segment: '2', AmendmentId: 'amend' }],
    InvoiceItem: [{ ...item, Quantity: '5', ServiceStartDate: '2024-01-03', ServiceEndDate: '2024-02-03' }],
    Amendment: [{ Id: 'amend', SubscriptionId: 'sub1', Type: 'NewProduct', UpdatedDate: at }],
    Ramp: [{ Id: 'ramp', Number: 'R-1', Name: 'Ramp', AccountId: 'acc', UpdatedDate: at }],
  };
}

/** An adjustment that takes 30 off the first invoice item. */
export const adjustment = (
  change: Readonly<Record<string, string | null>> = {},
): Record<string, string | null> => ({
  ...OF_CHARGE,
  Id: 'adj1',
  AdjustmentNumber: 'IIA-1',
  AdjustmentDate: '2024-01-20',
  Amount: '30.00',
  Type: 'Credit',
  Status: 'Processed',
  SourceType: 'InvoiceDetail',
  SourceId: 'item1',
  InvoiceId: 'inv1',
  InvoiceItemId: 'item1',
  ServiceStartDate: '2024-01-11',
  ServiceEndDate: '2024-01-26',
  ...change,
});

/** A memo of one item, as changes of the memo and of the item say. */
export function memo(
  kind: 'CreditMemo' | 'DebitMemo',
  change: Readonly<Record<string, string | null>> = {},
  itemChange: Readonly<Record<string, string | null>> = {},
): Rows {
  const id = kind === 'CreditMemo' ? 'cm' : 'dm';
  return {
    [kind]: [
      {
        Id: `${id}1`,
        MemoNumber: `${id.toUpperCase()}-1`,
        MemoDate: '2024-01-22',
        Status: 'Posted',
        Source: 'AdhocFromInvoice',
        SourceType: 'Invoice',
        AccountId: 'acc',
        InvoiceId: 'inv1',
        ReferredInvoiceId: 'inv1',
        UpdatedDate: at,
        ...change,
      },
    ],
    [`${kind}Item`]: [
      {
        ...OF_CHARGE,
        Id: `${id}i1`,
        [`${kind}Id`]: `${id}1`,
        Amount: '44.00',
        AmountWithoutTax: '40.00',
        TaxAmount: '4.00',
        Quantity: '3',
        ProcessingType: '0',
        InvoiceId: 'inv1',
        InvoiceItemId: 'item1',
        ServiceStartDate: '2024-01-12',
        ServiceEndDate: '2024-01-27',
        ...itemChange,
      },
    ],
  };
}

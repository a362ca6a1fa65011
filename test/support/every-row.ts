import { CATALOGUE } from '../../src/domain/catalogue/catalogue.ts';
import { adjustment, memo } from './rich-tenant.ts';
import { sampleTenant } from './sample-tenant.ts';

type Row = Readonly<Record<string, string | null>>;

const NEWEST = '2024-01-05T10:00:00Z';

/** A row for every object of the catalogue, and for drivers one of every kind that there are rules about. */
export function everyRow(): { readonly object: string; readonly row: Row }[] {
  const rows: Record<string, readonly Row[]> = { ...drivers(), ...documents() };
  const others = CATALOGUE.filter(({ name }) => rows[name] === undefined).map(({ name, key }) => ({
    object: name,
    row: { ...Object.fromEntries(key.map((field) => [field, 'any'])), Id: 'any', UpdatedDate: NEWEST },
  }));
  const known = Object.entries(rows).flatMap(([object, list]) => list.map((row) => ({ object, row })));
  return [...known, ...others];
}

/** The catalog, customers and what they subscribed to. */
function drivers(): Record<string, readonly Row[]> {
  const tenant = sampleTenant();
  const first = (object: string): Row => tenant[object]?.[0] ?? {};
  const charge = (change: Row): Row => ({ ...first('RatePlanCharge'), ...change });
  const second = { SubscriptionId: 'sub2', Version: '2' };
  const evergreen = { SubscriptionId: 'ever', AccountId: 'eur', RatePlanId: null };
  const price = (id: string): Row => ({
    ...first('ChargeContractualValueAllCharges'),
    Id: id,
    RatePlanChargeId: id,
  });
  return {
    ...tenant,
    Account: [
      ...(tenant['Account'] ?? []),
      { ...first('Account'), Id: 'eur', AccountNumber: 'A-3', Currency: 'EUR' },
    ],
    Subscription: [
      first('Subscription'),
      { ...first('Subscription'), Id: 'sub2', Version: '2', PreviousSubscriptionId: 'sub1' },
      { ...first('Subscription'), Id: 'ever', Name: 'S-2', AccountId: 'eur', TermType: 'EVERGREEN' },
    ],
    RatePlanCharge: [
      charge({}),
      charge({ ...second, Id: 'rpc1v2', EffectiveEndDate: '2024-07-01', AmendmentId: 'amend' }),
      charge({ ...second, Id: 'next', Segment: '2', EffectiveStartDate: '2024-07-01', Quantity: '3' }),
      charge({ ...second, Id: 'disc', OriginalId: 'disc', ChargeModel: 'Discount-Percentage' }),
      charge({ ...second, Id: 'fixed', OriginalId: 'fixed', ChargeModel: 'Discount-Fixed Amount' }),
      charge({ ...second, Id: 'once', OriginalId: 'once', ChargeType: 'OneTime', EffectiveEndDate: null }),
      charge({ ...evergreen, Id: 'usage', OriginalId: 'usage', ChargeType: 'Usage', Quantity: null }),
      charge({ ...evergreen, Id: 'goes', OriginalId: 'goes' }),
    ],
    ChargeContractualValueAllCharges: ['rpc1', 'rpc1v2', 'next', 'once', 'goes'].map(price),
    DiscountContractualValues: ['rpc1v2', 'next'].map((id) => ({
      Id: `value-${id}`,
      DiscountRatePlanChargeId: 'disc',
      RatePlanChargeId: id,
      Amount: '10.00',
      UpdatedDate: NEWEST,
    })),
    RatePlanChargeTier: [
      { Id: 'tier', RatePlanChargeId: 'fixed', Tier: '1', DiscountAmount: '25.00', UpdatedDate: NEWEST },
    ],
    Amendment: [{ Id: 'amend', SubscriptionId: 'sub2', Type: 'UpdateProduct', UpdatedDate: NEWEST }],
  };
}

/** What was billed, and what corrects it. */
function documents(): Record<string, readonly Row[]> {
  const tenant = sampleTenant();
  const [invoice = {}] = tenant['Invoice'] ?? [];
  const [item = {}] = tenant['InvoiceItem'] ?? [];
  const [code = {}] = tenant['AccountingCode'] ?? [];
  const nothing = { RatePlanChargeId: null, SubscriptionId: null };
  const unreferenced = { InvoiceId: null, InvoiceItemId: null };
  const codes = ['AccountReceivable', 'DeferredRevenue', 'RecognizedRevenue'];
  const own = Object.fromEntries(codes.map((name) => [`${name}AccountingCodeId`, code['Id'] ?? null]));
  const without = { InvoiceId: null, ReferredInvoiceId: null };
  const memos = [
    memo('CreditMemo'),
    memo(
      'CreditMemo',
      { Id: 'cm2', Source: 'BillRun', ...without },
      { Id: 'cmi2', CreditMemoId: 'cm2', ...unreferenced },
    ),
    memo(
      'CreditMemo',
      { Id: 'cm3', Source: 'AdhocFromPrpc', ...without },
      { Id: 'cmi3', CreditMemoId: 'cm3', ...nothing, ...unreferenced },
    ),
    memo('DebitMemo'),
    memo(
      'DebitMemo',
      { Id: 'dm2', Source: 'AdhocFromCreditMemo', ReferredCreditMemoId: 'cm2', ...without },
      { Id: 'dmi2', DebitMemoId: 'dm2', SourceItemId: 'cmi2', ...nothing, ...unreferenced },
    ),
  ];
  const of = (object: string): Row[] => memos.flatMap((rows) => rows[object] ?? []);
  return {
    Invoice: [invoice, { ...invoice, Id: 'inv2', InvoiceNumber: 'INV-2', AccountId: 'eur' }],
    InvoiceItem: [
      ...(tenant['InvoiceItem'] ?? []),
      {
        ...item,
        Id: 'itemd',
        RatePlanChargeId: 'disc',
        AppliedToInvoiceItemId: 'item1',
        ChargeAmount: '-10.00',
      },
      { ...item, Id: 'itemf', RatePlanChargeId: 'fixed', ChargeAmount: '-25.00' },
      {
        ...item,
        Id: 'itemu',
        InvoiceId: 'inv2',
        AccountId: 'eur',
        SubscriptionId: 'ever',
        RatePlanChargeId: 'usage',
      },
      { ...item, Id: 'alone', ...nothing, ...own },
    ],
    InvoiceItemAdjustment: [
      adjustment(),
      adjustment({ Id: 'adj2', Type: 'Charge', Amount: '3.00' }),
      adjustment({ Id: 'adj3', SourceType: 'Tax' }),
    ],
    CreditMemo: of('CreditMemo'),
    CreditMemoItem: of('CreditMemoItem'),
    DebitMemo: of('DebitMemo'),
    DebitMemoItem: of('DebitMemoItem'),
    CreditBalanceAdjustment: [
      {
        Id: 'cba',
        AccountId: 'acc',
        Amount: '5.00',
        Type: 'Increase',
        Status: 'Processed',
        UpdatedDate: NEWEST,
      },
    ],
  };
}

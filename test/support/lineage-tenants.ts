import { Readable } from 'node:stream';

import type { BriefTemplate, TemplateType } from '../../src/domain/mapping/transaction-template.ts';
import { completeTemplate } from '../../src/domain/mapping/transaction-template.ts';
import { SEEDED_TEMPLATES } from '../../src/domain/mapping/seeded/seeded-templates.ts';
import { loadCustomRecords } from '../../src/store/load/custom-records.ts';
import type { TestDatabase } from './database.ts';
import { keptDefault } from './kept-templates.ts';
import { adjustment, memo, richTenant } from './rich-tenant.ts';
import { collectOrg, csvOf, recordTenant, type Rows, syncRows } from './sync-rows.ts';

type Row = Readonly<Record<string, string | null>>;

/** A tenant whose lines are traced: its rows, records of custom objects, and templates of its own. */
export interface LineageTenant {
  readonly rows: Rows;
  readonly records?: Rows;
  readonly templates?: Partial<Record<TemplateType, Partial<BriefTemplate>>>;
}

const at = '2024-01-05T10:00:00Z';
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

const rich = (): Record<string, Row[]> => richTenant();
const first = (object: string): Row => rich()[object]?.[0] ?? {};

/** An invoice item and a credit memo without a charge: a booking is made for each. */
function alone(): Rows {
  const nothing = { RatePlanChargeId: null, SubscriptionId: null, ProductRatePlanChargeId: null };
  const own = Object.fromEntries(CODES.map((code) => [`${code}AccountingCodeId`, `own-${code}`]));
  const codes = CODES.map((code) => ({ Id: `own-${code}`, Name: `Own ${code}`, UpdatedDate: at }));
  return {
    ...rich(),
    AccountingCode: codes,
    InvoiceItem: [{ ...first('InvoiceItem'), ...nothing, ...own, Id: 'alone' }],
    ...memo(
      'CreditMemo',
      { Source: 'AdhocFromPrpc', InvoiceId: null, ReferredInvoiceId: null },
      { ...nothing, InvoiceId: null, InvoiceItemId: null },
    ),
  };
}

/** A charge of which the second version takes one piece away, with two discounts by percentage and one by amount. */
function discounted(): Rows {
  const charge = { ...first('RatePlanCharge'), EffectiveStartDate: '2024-02-01', AmendmentId: null };
  const subscription = first('Subscription');
  const before = { SubscriptionId: 'sub0', Quantity: '3', Version: '2' };
  const discount = { ...charge, EffectiveStartDate: '2024-01-15', Quantity: null };
  const percent = { ...discount, Id: 'disc', OriginalId: 'disc', ChargeModel: 'Discount-Percentage' };
  const fixed = { ...discount, Id: 'fixed', OriginalId: 'fixed', ChargeModel: 'Discount-Fixed Amount' };
  return {
    ...rich(),
    Subscription: [
      { ...subscription, PreviousSubscriptionId: 'sub0' },
      { ...subscription, Id: 'sub0', Version: '3' },
    ],
    RatePlanCharge: [
      charge,
      { ...charge, Id: 'rpc0', ...before },
      { ...charge, Id: 'other', OriginalId: 'other' },
      percent,
      fixed,
    ],
    ChargeContractualValueAllCharges: ['rpc1', 'rpc0', 'other'].map((id) => ({
      ...first('ChargeContractualValueAllCharges'),
      Id: `ccv-${id}`,
      RatePlanChargeId: id,
    })),
    DiscountContractualValues: ['rpc1', 'other'].map((id) => ({
      Id: `value-${id}`,
      DiscountRatePlanChargeId: 'disc',
      RatePlanChargeId: id,
      Amount: '10.00',
      UpdatedDate: at,
    })),
    RatePlanChargeTier: [
      { Id: 'tier', RatePlanChargeId: 'fixed', Tier: '1', DiscountAmount: '25.00', UpdatedDate: at },
    ],
    InvoiceItem: [
      first('InvoiceItem'),
      {
        ...first('InvoiceItem'),
        Id: 'itemd',
        RatePlanChargeId: 'disc',
        AppliedToInvoiceItemId: 'item1',
        ChargeAmount: '-10.00',
      },
    ],
  };
}

/** Templates with all that templates can have, over rows with custom fields, contacts and records of a custom object. */
function custom(): LineageTenant {
  const extra = (driver: string): Partial<BriefTemplate> => ({
    rows: [
      { from: 'RatePlanCharge.Region__c', to: 'ATR1', type: 'Character' },
      { from: `${driver}.BillToContact.FirstName`, to: 'ATR2', type: 'Character' },
      { from: 'Account.Project__c.default__project__c.Region__c', to: 'ATR3', type: 'Character' },
      { from: 'Account.Nothing__c', to: 'ATR4', type: 'Character' },
      { from: 'Account.CrmId', to: 'ATR6', type: 'Character' },
      { from: 'RatePlanCharge.Until__c', to: 'ATR7', type: 'Date', end: 'inclusive' },
    ],
    constants: [{ to: 'ATR5', type: 'Character', value: 'EU' }],
    defaults: [
      { to: 'ATR1', type: 'Character', value: 'nowhere' },
      { to: 'ATR4', type: 'Character', value: 'unknown' },
    ],
    policies: { subscriptionOwner: 'original', invoiceOwner: 'original' },
  });
  const tenant = rich();
  const third = { Id: 'third', AccountNumber: 'A-3', Name: 'Third', Currency: 'USD', UpdatedDate: at };
  const creators = { CreatorAccountId: 'third', CreatorInvoiceOwnerId: 'acc' };
  return {
    rows: {
      ...tenant,
      Account: [
        ...(tenant['Account'] ?? []).map((row) => ({ ...row, Project__c: 'p1', CrmId: 'crm' })),
        third,
      ],
      Contact: [{ Id: 'contact', FirstName: 'Ada', LastName: 'Byron', UpdatedDate: at }],
      Subscription: [{ ...first('Subscription'), ...creators }],
      RatePlanCharge: [
        {
          ...first('RatePlanCharge'),
          Region__c: 'North',
          Until__c: '2024-12-31',
          BillToContactId: 'contact',
        },
      ],
      InvoiceItem: [{ ...first('InvoiceItem'), BillToContactId: 'contact' }],
    },
    records: { default__project__c: [{ id: 'p1', updateddate: at, region__c: 'Project north' }] },
    templates: { SO: extra('RatePlanCharge'), INV: extra('InvoiceItem') },
  };
}

/** Between them, every type of line and every way by which a field gets its value. */
export const LINEAGE_TENANTS: Readonly<Record<string, LineageTenant>> = {
  adjusted: { rows: { ...rich(), InvoiceItemAdjustment: [adjustment()] } },
  settled: { rows: { ...rich(), ...memo('CreditMemo'), ...memo('DebitMemo') } },
  alone: { rows: alone() },
  discounted: { rows: discounted() },
  custom: custom(),
};

/** One run over the tenant, as an entity and an organisation of that name, under its templates. */
export async function syncTenant(
  database: TestDatabase,
  name: string,
  { rows, records = {}, templates = {} }: LineageTenant,
): Promise<void> {
  await recordTenant(database, name, name);
  for (const [type, change] of Object.entries(templates)) {
    const seeded = SEEDED_TEMPLATES.find((template) => template.type === type);
    if (seeded === undefined) throw new Error(`no seeded template of ${type}`);
    const own = { ...seeded, ...change, name: `${type} of ${name}`, entity: name };
    await keptDefault(
      database.db,
      completeTemplate({ ...own, rows: [...seeded.rows, ...(change.rows ?? [])] }),
    );
  }
  await syncRows(database, rows, {
    entity: name,
    org: name,
    beside: async (opened) => {
      for (const [table, list] of Object.entries(records)) {
        const open = async () => Readable.from([Buffer.from(csvOf(list))]);
        const files = [{ id: `${table}-${opened.run}`, open }];
        const count = { recordCount: String(list.length), onBytes: () => undefined };
        await loadCustomRecords(database.pool, { ...opened, table, files, ...count });
      }
    },
  });
}

/** The same, and collected. */
export async function collectTenant(
  database: TestDatabase,
  name: string,
  tenant: LineageTenant,
): Promise<void> {
  await syncTenant(database, name, tenant);
  await collectOrg(database, name);
}

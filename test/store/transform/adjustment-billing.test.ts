import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { lineReader } from '../../support/line-reader.ts';
import { adjustment, memo, richTenant } from '../../support/rich-tenant.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';
import { contractAmounts } from '../../support/contract-amounts.ts';

describe('invoice item adjustments', () => {
  let database: TestDatabase;
  let read: ReturnType<typeof lineReader>;
  let entity = '';
  let entities = 0;
  beforeAll(async () => {
    database = await openTestDatabase();
    read = lineReader(database);
  });
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows, settlement = false) =>
    syncRows(database, rows, { entity, org: entity, settlement });
  const adjusted = (change = {}) => ({ ...sampleTenant(), InvoiceItemAdjustment: [adjustment(change)] });
  const balanceOf = async (rows: Rows, settlement = false) => {
    const { balance } = await sync(rows, settlement);
    expect(balance.balanced).toBe(true);
    return balance.rows.find(
      ({ object, measure }) => object === 'InvoiceItemAdjustment' && measure === 'amount',
    );
  };

  test('credit the invoice line that they adjust: CM-C, negative, with one reference', async () => {
    expect(await balanceOf(adjusted())).toMatchObject({ extracted: '30', staged: '30', currency: 'USD' });
    expect(await read.line(entity, 'CM-C:adj1')).toMatchObject({
      status: 'ready',
      amount: '-30',
      ext_list_price: '-30',
      so_line_id: 'orig.1',
      invoice_line_id: 'adj1',
      original_invoice_line_id: 'item1',
      original_so_line_id: null,
      term_number: '1',
      so_number: 'C-1',
    });
  });

  test('that charge more are invoices, and refer to nothing', async () => {
    await sync(adjusted({ Type: 'Charge' }));
    expect(await read.line(entity, 'INV:adj1')).toMatchObject({
      status: 'ready',
      amount: '30',
      so_line_id: 'orig.1',
      original_invoice_line_id: null,
      original_so_line_id: null,
    });
  });

  test('take their charge from the invoice item when they do not name it', async () => {
    await sync(
      adjusted({
        RatePlanChargeId: null,
        SubscriptionId: null,
        ProductRatePlanChargeId: null,
        InvoiceItemId: null,
      }),
    );
    expect(await read.line(entity, 'CM-C:adj1')).toMatchObject({
      status: 'ready',
      so_line_id: 'orig.1',
      subscription_name: 'S-1',
      billing_item_id: 'item1',
    });
  });

  test('of a percentage discount belong to the line of the charge that it was applied to', async () => {
    const { RatePlanCharge: charges = [], InvoiceItem: items = [], ...rest } = sampleTenant();
    const discount = {
      ...charges[0],
      Id: 'disc',
      OriginalId: 'disc',
      ChargeModel: 'Discount-Percentage',
    };
    const item = {
      ...items[0],
      Id: 'itemd',
      RatePlanChargeId: 'disc',
      AppliedToInvoiceItemId: 'item1',
      ChargeAmount: '-10.00',
    };
    const change = { RatePlanChargeId: 'disc', InvoiceItemId: 'itemd', SourceId: 'itemd', Amount: '4.00' };
    await sync({
      ...rest,
      RatePlanCharge: [...charges, discount],
      InvoiceItem: [...items, item],
      InvoiceItemAdjustment: [adjustment(change), adjustment({ ...change, Id: 'adj2', Type: 'Charge' })],
    });
    // More discount goes with the booking of the discount, less of it against.
    expect(await read.line(entity, 'INV:adj1')).toMatchObject({ so_line_id: 'orig.1.disc.1', amount: '-4' });
    expect(await read.line(entity, 'CM-C:adj2')).toMatchObject({ so_line_id: 'orig.1.disc.1', amount: '4' });
  });

  test.each([
    ['not-posted', { Status: 'Canceled' }],
    ['tax', { SourceType: 'Tax', SourceId: 'taxation', InvoiceItemId: null }],
    ['exclusion-flag', { ExcludeItemBillingFromRevenueAccounting: 'true' }],
  ])('form no line for the reason %s when they have %o', async (reason, change) => {
    const row = await balanceOf(adjusted(change));
    expect(row).toMatchObject({ extracted: '30', excluded: '30', exclusions: { [reason]: '30' } });
    expect((await read.ids(entity)).filter((id) => id?.includes('adj'))).toEqual([]);
  });

  test('form no line while the invoice is a draft, and do once it is posted', async () => {
    const drafted = { Status: 'Draft', UpdatedDate: '2024-01-04T00:00:00Z' };
    await sync(withChanged(adjusted(), 'Invoice', 'inv1', drafted));
    expect(await read.ids(entity)).toEqual(['SO:orig.1@1']);
    await sync({ Invoice: sampleTenant()['Invoice'] ?? [] });
    expect(await read.ids(entity)).toContain('CM-C:adj1');
  });

  test('are off while Invoice Settlement is on', async () => {
    const row = await balanceOf(adjusted(), true);
    expect(row).toMatchObject({ excluded: '30', exclusions: { 'type-off': '30' } });
  });

  test('memos are off without it, and on with it', async () => {
    const memos = { ...sampleTenant(), ...memo('CreditMemo'), ...memo('DebitMemo') };
    const { balance } = await sync(memos);
    const off = balance.rows.filter(({ exclusions }) => exclusions['type-off'] !== undefined);
    expect(off.map(({ object, measure }) => `${object} ${measure}`)).toEqual([
      'CreditMemoItem count',
      'CreditMemoItem amount',
      'DebitMemoItem count',
      'DebitMemoItem amount',
    ]);
    expect(balance.balanced).toBe(true);
  });

  test.each([
    ['Type', 'CM-C:adj1 missing-ext-sell-price'],
    ['AdjustmentDate', 'CM-C:adj1 missing-invoice-date'],
    ['ServiceStartDate', 'CM-C:adj1 missing-revenue-start-date'],
  ])('are held without %s, and go on when it comes', async (field, hold) => {
    await sync(adjusted({ [field]: null, UpdatedDate: '2024-01-04T00:00:00Z' }));
    expect((await read.holds(entity)).map((text) => text.split(':').slice(0, 2).join(':'))).toContain(hold);
    await sync({ InvoiceItemAdjustment: [adjustment()] });
    expect(await read.holds(entity)).toEqual([]);
    expect(await read.line(entity, 'CM-C:adj1')).toMatchObject({ status: 'ready', amount: '-30' });
  });

  test('are held as long as the invoice item that they adjust is missing', async () => {
    const { InvoiceItem: items = [], ...rest }: Rows = adjusted();
    await sync(rest);
    expect(await read.holds(entity)).toEqual([
      'CM-C:adj1 orphan-invoice-item: InvoiceItemAdjustment adj1 needs InvoiceItem item1, which has not come from Billing.',
    ]);
    await sync({ InvoiceItem: items });
    expect(await read.holds(entity)).toEqual([]);
  });

  test('are collected with their booking and count against what was billed', async () => {
    await sync({ ...richTenant(), InvoiceItemAdjustment: [adjustment()] });
    await collectOrg(database, entity);
    expect(await contractAmounts(database, entity)).toEqual([
      { key: 'S-1|1', bookings: '1200.00', billings: '70.00', lines: 3, obligations: 1 },
    ]);
  });
});

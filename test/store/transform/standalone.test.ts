import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { showLine } from '../../../src/store/show-line.ts';
import { contractAmounts } from '../../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { lineReader } from '../../support/line-reader.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

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

/** An invoice item that belongs to no subscription and to no product, with codes of its own. */
function standalone(change: Readonly<Record<string, string | null>> = {}): Rows {
  const tenant = sampleTenant();
  const [item = {}] = tenant['InvoiceItem'] ?? [];
  return {
    ...tenant,
    AccountingCode: [
      ...(tenant['AccountingCode'] ?? []),
      ...CODES.map((code) => ({
        Id: `own-${code}`,
        Name: `Own ${code}`,
        UpdatedDate: item['UpdatedDate'] ?? null,
      })),
    ],
    InvoiceItem: [
      {
        ...item,
        Id: 'alone',
        SubscriptionId: null,
        RatePlanChargeId: null,
        ProductRatePlanChargeId: null,
        ...Object.fromEntries(CODES.map((code) => [`${code}AccountingCodeId`, `own-${code}`])),
        ...change,
      },
    ],
  };
}

describe('standalone invoice items', () => {
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

  const sync = (rows: Rows) => syncRows(database, rows, { entity, org: entity });
  const itemOf = (rows: Rows) => ({ InvoiceItem: rows['InvoiceItem'] ?? [] });

  test('are INV on a booking that is made for them, with the item’s own accounting codes', async () => {
    const { balance } = await sync(standalone());
    expect(balance.lines).toEqual({ SO: '2', INV: '1' });
    expect(
      balance.rows.find(({ object, measure }) => object === 'InvoiceItem' && measure === 'count'),
    ).toMatchObject({ extracted: '1', staged: '1' });
    const segments = {
      deferred_segments: 'Own ContractLiability',
      revenue_segments: 'Own ContractRecognizedRevenue',
      adjustment_liability_account: 'Own AdjustmentLiability',
      adjustment_revenue_account: 'Own AdjustmentRevenue',
      unbilled_ar_account: 'Own UnbilledReceivables',
      contract_asset_account: 'Own ContractAsset',
    };
    expect(await read.line(entity, 'INV:alone')).toMatchObject({
      status: 'ready',
      so_line_id: 'REVSYNC-alone',
      so_number: 'INV-1',
      invoice_line_id: 'alone',
      term_number: '1',
      amount: '100',
      ordered_qty: '2',
      sales_order_date: null,
      ...segments,
    });
    expect(await read.line(entity, 'SO:REVSYNC-alone@1')).toMatchObject({
      type: 'SO',
      status: 'ready',
      so_line_id: 'REVSYNC-alone',
      so_number: 'INV-1',
      sequence_number: '1.1.20240105100000',
      term_number: '1',
      amount: '100',
      ext_list_price: '100',
      ordered_qty: '2',
      sales_order_date: '2024-01-10',
      so_book_date: '2024-01-10',
      revenue_start_date: '2024-01-01',
      revenue_end_date: '2024-02-01',
      duration: '1.000000',
      amendment_reason: '',
      skip_ct_mod: 'No',
      ct_mod_date: null,
      ...segments,
    });
  });

  test('make a contract of their customer when they are collected', async () => {
    await sync(standalone());
    await collectOrg(database, entity);
    expect(await contractAmounts(database, entity)).toMatchObject([
      { key: 'A-1|1', bookings: '100.00', billings: '100.00', lines: 2, obligations: 1 },
      { key: 'S-1|1' },
    ]);
  });

  test('of a product charge have the codes of that charge', async () => {
    await sync(standalone({ ProductRatePlanChargeId: 'prpc' }));
    expect(await read.line(entity, 'INV:alone')).toMatchObject({
      status: 'ready',
      deferred_segments: 'Account ContractLiability',
      product_id: 'prod',
    });
  });

  test.each(CODES)('are held, with their booking, without %s, and go on when it comes', async (code) => {
    await sync(standalone({ [`${code}AccountingCodeId`]: null, UpdatedDate: '2024-01-04T00:00:00Z' }));
    const holds = await read.holds(entity);
    const spelled = code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
    expect(holds.map((hold) => hold.split(':').slice(0, -1).join(':').replace(/: .*/, ''))).toEqual([
      'INV:alone missing-accounting-code',
      'SO:REVSYNC-alone@1 missing-accounting-code',
    ]);
    const named = code === 'AccountReceivable' ? 'accounts receivable' : spelled;
    expect(holds.every((hold) => hold.endsWith(`lacks accounting codes: ${named}.`))).toBe(true);
    await sync(itemOf(standalone()));
    expect(await read.holds(entity)).toEqual([]);
    expect(await read.line(entity, 'SO:REVSYNC-alone@1')).toMatchObject({ status: 'ready' });
  });

  test('are held as orphans while an accounting code that they name is missing', async () => {
    const { AccountingCode: codes = [], ...rest } = standalone();
    await sync({ ...rest, AccountingCode: codes.filter(({ Id }) => Id !== 'own-ContractAsset') });
    expect((await read.holds(entity)).map((hold) => hold.split(': ')[0])).toEqual([
      'INV:alone orphan-accounting-code',
      'SO:REVSYNC-alone@1 orphan-accounting-code',
    ]);
    await sync({ AccountingCode: codes });
    expect(await read.holds(entity)).toEqual([]);
  });

  test('without a service end end a day after they start', async () => {
    await sync(standalone({ ServiceEndDate: null }));
    expect(await read.line(entity, 'SO:REVSYNC-alone@1')).toMatchObject({ revenue_end_date: '2024-01-02' });
  });

  test('that come again unchanged after collection form nothing, and are stopped with their booking when changed', async () => {
    await sync(standalone());
    await collectOrg(database, entity);
    const later = { UpdatedDate: '2024-01-20T00:00:00Z' };
    await sync(itemOf(standalone(later)));
    expect(await read.ids(entity)).toEqual(['INV:alone', 'SO:REVSYNC-alone@1', 'SO:orig.1@1']);
    await sync(itemOf(standalone({ ChargeAmount: '101.00', UpdatedDate: '2024-01-21T00:00:00Z' })));
    expect((await read.lines(entity)).filter(({ form }) => String(form) === '2').map(({ id }) => id)).toEqual(
      ['INV:alone#2', 'SO:REVSYNC-alone@1#2'],
    );
  });

  test('are superseded with their booking when Billing deletes them before they are collected', async () => {
    await sync(standalone());
    await sync({ InvoiceItem: [{ ...itemOf(standalone()).InvoiceItem[0], Deleted: 'true' }] });
    expect((await read.lines(entity)).map(({ id, status }) => `${id} ${status}`)).toEqual([
      'INV:alone superseded',
      'SO:REVSYNC-alone@1 superseded',
      'SO:orig.1@1 ready',
    ]);
    const { rows } = await sql<{ line: string }>`
      select line from staging.finding where entity = ${entity} order by line collate "C"`.execute(
      database.db,
    );
    expect(rows.map(({ line }) => line)).toEqual(['INV:alone', 'SO:REVSYNC-alone@1']);
  });

  test('and their bookings lead back to the invoice item', async () => {
    await sync(standalone());
    const { lineage, type } = await showLine(database.db, { id: 'SO:REVSYNC-alone@1', entity });
    expect(type).toBe('SO');
    expect(lineage.sources[0]).toMatchObject({ object: 'InvoiceItem', id: 'alone' });
    expect(lineage.fields['Deferred Segments']).toMatchObject({
      object: 'AccountingCode',
      id: 'own-ContractLiability',
    });
    expect(lineage.fields['SO Book Date']?.derived).toContain('standalone');
  });

  test('are no concern of items that have a charge', async () => {
    const rows = withChanged(sampleTenant(), 'InvoiceItem', 'item1', { ContractAssetAccountingCodeId: null });
    await sync(rows);
    expect(await read.ids(entity)).toEqual(['INV:item1', 'INV:item2', 'SO:orig.1@1']);
  });
});

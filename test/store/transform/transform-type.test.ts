import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { INVOICE_ITEM_TEMPLATE } from '../../../src/domain/mapping/seeded/invoice-item.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { type Rows, syncRows } from '../../support/sync-rows.ts';

describe('transformType', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const run = (rows: Rows) => syncRows(database, rows, { entity, org: entity });
  const line = async (id: string) => {
    const { rows } = await sql<Record<string, string | null>>`
      select l.*, coalesce(s.status, 'collected') as status from staging.line as l
      left join staging.line_state as s on s.entity = l.entity and s.id = l.id
      where l.entity = ${entity} and l.id = ${id}`.execute(database.db);
    return rows[0];
  };
  const ids = async () => {
    const { rows } = await sql<{ id: string }>`
      select id from staging.line where entity = ${entity} order by id collate "C"`.execute(database.db);
    return rows.map(({ id }) => id);
  };
  const holds = async () => {
    const { rows } = await sql<{ line: string; limitation: string; kind: string }>`
      select line, limitation, kind from staging.hold where entity = ${entity} order by line, limitation`.execute(
      database.db,
    );
    return rows.map(({ line: held, limitation, kind }) => `${held} ${limitation} ${kind}`);
  };

  const seed = join(import.meta.dirname, '../../../../shared/seeds/invoice-item-data-mapping.txt');
  test.skipIf(!existsSync(seed))(
    'maps the labels of the mapping document, all of them, in its order',
    async () => {
      const text = await readFile(seed, 'utf8');
      const document = text.slice(0, text.indexOf('Define your own field mappings'));
      const labels = INVOICE_ITEM_TEMPLATE.rows.map(({ to }) => to);
      const places = labels.map((label) => {
        const found = new RegExp(`\\|\\s*\\n?\\s*${label}\\s*\\|\\s*(Character|Number|Date)`).exec(document);
        return found?.index ?? -1;
      });
      expect(labels.filter((_, index) => places[index] === -1)).toEqual([]);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect((document.match(/\|\s*(Character|Number|Date)\s*\|/g) ?? []).length).toBe(labels.length);
      const types = INVOICE_ITEM_TEMPLATE.rows.map(({ to, type }) =>
        new RegExp(`${to}\\s*\\|\\s*${type}`).test(document),
      );
      expect(types.every(Boolean)).toBe(true);
    },
  );

  test('books a charge segment with its contractual value and dates, and derives the rest', async () => {
    await run(sampleTenant());
    expect(await line('SO:orig.1@1')).toMatchObject({
      type: 'SO',
      status: 'ready',
      sales_order_date: '2024-01-02',
      so_book_date: '2024-01-02',
      revenue_start_date: '2024-01-01',
      revenue_end_date: '2025-01-01',
      ext_sell_price: '1200',
      ext_list_price: '1500',
      ordered_qty: '2',
      so_line_id: 'orig.1',
      so_number: 'C-1',
      sequence_number: '1.1.20240105100000',
      term_number: '1',
      duration: '12.000000',
      amendment_reason: '',
      ct_mod_date: null,
    });
  });

  test('gives an invoice line the id of the booking it belongs to, and its own', async () => {
    await run(sampleTenant());
    expect(await line('INV:item1')).toMatchObject({
      so_line_id: 'orig.1',
      invoice_line_id: 'item1',
      term_number: '1',
    });
  });

  test('forms no line of a draft until it is posted', async () => {
    const tenant = sampleTenant();
    const { balance } = await run(withChanged(tenant, 'Invoice', 'inv1', { Status: 'Draft' }));
    expect(balance.balanced).toBe(true);
    expect(
      balance.rows.find(({ object, measure }) => object === 'InvoiceItem' && measure === 'amount'),
    ).toMatchObject({
      extracted: '200',
      excluded: '200',
      exclusions: { 'not-posted': '200' },
    });
    expect(await ids()).toEqual(['SO:orig.1@1']);
  });

  test('forms the lines of an invoice that is posted later, though its items did not change', async () => {
    const tenant = sampleTenant();
    const drafted = { Status: 'Draft', UpdatedDate: '2024-01-04T00:00:00Z' };
    await run(withChanged(tenant, 'Invoice', 'inv1', drafted));
    expect(await ids()).toEqual(['SO:orig.1@1']);
    await run({ Invoice: tenant['Invoice'] ?? [] });
    expect(await ids()).toEqual(['INV:item1', 'INV:item2', 'SO:orig.1@1']);
  });

  test('books a charge once the flag of its product charge no longer excludes it', async () => {
    const tenant = sampleTenant();
    const flag = {
      ExcludeItemBookingFromRevenueAccounting: 'true',
      ExcludeItemBillingFromRevenueAccounting: 'true',
      UpdatedDate: '2024-01-04T00:00:00Z',
    };
    await run(withChanged(tenant, 'ProductRatePlanCharge', 'prpc', flag));
    expect(await ids()).toEqual([]);
    const { ProductRatePlanCharge: charges = [] } = tenant;
    const unflagged = charges.map((charge) => ({
      ...charge,
      ExcludeItemBookingFromRevenueAccounting: 'false',
      ExcludeItemBillingFromRevenueAccounting: 'false',
    }));
    await run({ ProductRatePlanCharge: unflagged });
    expect(await ids()).toEqual(['INV:item1', 'INV:item2', 'SO:orig.1@1']);
  });

  test('keeps the versions of a charge apart while their subscriptions are missing, and loses none', async () => {
    const { Subscription: _, RatePlanCharge: charges = [], ...rest } = sampleTenant();
    const second = { ...charges[0], Id: 'rpc1v2', SubscriptionId: 'sub2', Version: '2' };
    const { balance } = await run({ ...rest, RatePlanCharge: [...charges, second] });
    expect(balance.unequal).toEqual([]);
    expect((await ids()).filter((id) => id.startsWith('SO:'))).toEqual([
      'SO:orig.1@?rpc1',
      'SO:orig.1@?rpc1v2',
    ]);
  });

  test('holds a discount by the charges that it discounts and that have not come, one line each', async () => {
    const { RatePlanCharge: charges = [], ...rest } = sampleTenant();
    const discount = {
      ...charges[0],
      Id: 'disc',
      OriginalId: 'disc',
      ChargeNumber: 'C-2',
      ChargeModel: 'Discount-Percentage',
    };
    const values = ['rpc1', 'rpc2'].map((charge) => ({
      Id: `value-${charge}`,
      DiscountRatePlanChargeId: 'disc',
      RatePlanChargeId: charge,
      Amount: '120.00',
      UpdatedDate: '2024-01-05T10:00:00Z',
    }));
    await run({ ...rest, RatePlanCharge: [discount], DiscountContractualValues: values });
    expect((await holds()).filter((hold) => hold.includes('disc'))).toEqual([
      'SO:rpc1.?.disc.1@1 orphan-rate-plan-charge orphan',
      'SO:rpc2.?.disc.1@1 orphan-rate-plan-charge orphan',
    ]);
    await run({ RatePlanCharge: [...charges] });
    expect((await holds()).filter((hold) => hold.includes('disc'))).toEqual([
      'SO:rpc2.?.disc.1@1 orphan-rate-plan-charge orphan',
    ]);
    expect(await line('SO:orig.1.disc.1@1')).toMatchObject({ status: 'ready', ext_sell_price: '-120' });
  });

  test('excludes what a flag on the charge excludes from revenue accounting', async () => {
    const flag = { ExcludeItemBookingFromRevenueAccounting: 'true' };
    const { balance } = await run(withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', flag));
    expect(
      balance.rows.find(({ object, measure }) => object === 'RatePlanCharge' && measure === 'count'),
    ).toMatchObject({
      excluded: '1',
      exclusions: { 'exclusion-flag': '1' },
    });
    expect(await ids()).toEqual(['INV:item1', 'INV:item2', 'SO:REVSYNC-item1@1', 'SO:REVSYNC-item2@1']);
  });

  test('lets a charge wait for its price, never books it at zero, and goes on when the price comes', async () => {
    const { ChargeContractualValueAllCharges: prices = [], ...rest } = sampleTenant();
    const { balance } = await run(rest);
    expect(await line('SO:orig.1@1')).toMatchObject({ status: 'waiting', ext_sell_price: null });
    expect(await holds()).toEqual(['SO:orig.1@1 waits-for-price waiting']);
    expect(
      balance.rows.find(({ object, measure }) => object === 'RatePlanCharge' && measure === 'count'),
    ).toMatchObject({
      staged: '1',
    });
    await run({ ChargeContractualValueAllCharges: prices });
    expect(await line('SO:orig.1@1')).toMatchObject({ status: 'ready', ext_sell_price: '1200' });
    expect(await holds()).toEqual([]);
  });

  test('books usage and what recurs on an evergreen subscription at zero', async () => {
    const { ChargeContractualValueAllCharges: _, ...rest } = sampleTenant();
    const usage = withChanged(rest, 'RatePlanCharge', 'rpc1', { ChargeType: 'Usage', Quantity: null });
    await run(usage);
    expect(await line('SO:orig.1@1')).toMatchObject({
      status: 'ready',
      ext_sell_price: '0',
      ordered_qty: '1',
    });
  });

  test('holds an orphan by name, and releases it when its parent arrives', async () => {
    const { Subscription: subscriptions = [], ...rest } = sampleTenant();
    const { balance } = await run(rest);
    expect(balance.balanced).toBe(true);
    expect(await holds()).toEqual([
      'INV:item1 orphan-subscription orphan',
      'INV:item2 orphan-subscription orphan',
      'SO:orig.1@?rpc1 orphan-subscription orphan',
    ]);
    await run({ Subscription: subscriptions });
    expect(await holds()).toEqual([]);
    expect(await ids()).toEqual(['INV:item1', 'INV:item2', 'SO:orig.1@1']);
  });

  test.each([
    [
      'RatePlanCharge',
      'rpc1',
      { EffectiveStartDate: null },
      'SO:orig.1@1 missing-revenue-start-date withheld',
    ],
    ['RatePlanCharge', 'rpc1', { OriginalOrderDate: null }, 'SO:orig.1@1 missing-sales-order-date withheld'],
    ['RatePlanCharge', 'rpc1', { Version: null }, 'SO:orig.1@1 missing-sequence-number withheld'],
    ['InvoiceItem', 'item1', { ServiceStartDate: null }, 'INV:item1 missing-revenue-start-date withheld'],
    ['InvoiceItem', 'item1', { ChargeAmount: null }, 'INV:item1 missing-ext-sell-price withheld'],
    ['RatePlanCharge', 'rpc1', { Segment: null }, 'INV:item1 missing-so-line-id withheld'],
    ['InvoiceItem', 'item1', { RatePlanChargeId: null }, 'INV:item1 missing-accounting-code withheld'],
  ])('withholds a line when %s %s has %o', async (object, id, change, hold) => {
    const { balance } = await run(withChanged(sampleTenant(), object, id, change));
    expect(await holds()).toContain(hold);
    expect(balance.balanced).toBe(true);
    expect((await line(hold.split(' ')[0] ?? ''))?.['status']).toBe('held');
  });

  test('books one line per charge that a percentage discount applies to, with that charge’s dates', async () => {
    const tenant = sampleTenant();
    const [charge = {}] = tenant['RatePlanCharge'] ?? [];
    const [item = {}] = tenant['InvoiceItem'] ?? [];
    const discount = {
      ...charge,
      Id: 'disc1',
      OriginalId: 'disc',
      ChargeModel: 'Discount-Percentage',
      Quantity: null,
      EffectiveStartDate: '2023-06-01',
      EffectiveEndDate: '2026-06-01',
    };
    await run({
      ...tenant,
      RatePlanCharge: [charge, discount],
      DiscountContractualValues: [
        {
          Id: 'd1',
          DiscountRatePlanChargeId: 'disc1',
          RatePlanChargeId: 'rpc1',
          Amount: '120.00',
          UpdatedDate: charge['UpdatedDate'] ?? null,
        },
      ],
      InvoiceItem: [
        item,
        {
          ...item,
          Id: 'itemd',
          RatePlanChargeId: 'disc1',
          AppliedToInvoiceItemId: 'item1',
          ChargeAmount: '-10.00',
        },
      ],
    });
    expect(await line('SO:orig.1.disc.1@1')).toMatchObject({
      status: 'ready',
      ext_sell_price: '-120',
      ext_list_price: '0',
      revenue_start_date: '2024-01-01',
      revenue_end_date: '2025-01-01',
    });
    expect(await line('INV:itemd')).toMatchObject({ so_line_id: 'orig.1.disc.1', ext_sell_price: '-10' });
  });

  test('holds a discount without a segment by every charge that it discounts, and loses none of the lines', async () => {
    const tenant = sampleTenant();
    const [charge = {}] = tenant['RatePlanCharge'] ?? [];
    const other = { ...charge, Id: 'rpc2', OriginalId: 'orig2' };
    const discount = {
      ...charge,
      Id: 'disc1',
      OriginalId: 'disc',
      Segment: null,
      ChargeModel: 'Discount-Percentage',
    };
    await run({
      ...tenant,
      RatePlanCharge: [charge, other, discount],
      DiscountContractualValues: ['rpc1', 'rpc2'].map((RatePlanChargeId) => ({
        DiscountRatePlanChargeId: 'disc1',
        RatePlanChargeId,
        Amount: '-10',
      })),
    });
    expect((await ids()).filter((id) => id.includes('disc1'))).toEqual([
      'SO:rpc1.disc1.?@1',
      'SO:rpc2.disc1.?@1',
    ]);
    expect(await holds()).toContain('SO:rpc1.disc1.?@1 missing-so-line-id withheld');
  });

  test('counts the term by the renewals that had started when the segment starts', async () => {
    const tenant = sampleTenant();
    const [sub = {}] = tenant['Subscription'] ?? [];
    const [charge = {}] = tenant['RatePlanCharge'] ?? [];
    const [price = {}] = tenant['ChargeContractualValueAllCharges'] ?? [];
    const renewed = {
      ...sub,
      Id: 'sub2',
      Version: '2',
      PreviousSubscriptionId: 'sub1',
      TermStartDate: '2025-01-01',
      TermEndDate: '2026-01-01',
      SubscriptionEndDate: '2026-01-01',
    };
    const old = { ...charge, Id: 'rpc1v2', SubscriptionId: 'sub2' };
    const next = {
      ...old,
      Id: 'rpc2',
      Segment: '2',
      Version: '2',
      EffectiveStartDate: '2025-01-01',
      EffectiveEndDate: '2026-01-01',
    };
    await run({
      ...tenant,
      Subscription: [sub, renewed],
      RatePlanCharge: [charge, old, next],
      ChargeContractualValueAllCharges: ['rpc1', 'rpc1v2', 'rpc2'].map((RatePlanChargeId) => ({
        ...price,
        RatePlanChargeId,
      })),
    });
    expect(await line('SO:orig.1@1')).toMatchObject({ term_number: '1', amendment_reason: '' });
    expect(await line('SO:orig.1@2')).toMatchObject({ term_number: '1', amendment_reason: '' });
    expect(await line('SO:orig.2@2')).toMatchObject({ term_number: '2', amendment_reason: 'Renewal' });
  });

  test('forms the same lines in whatever order and batches the rows arrive', async () => {
    const tenant = sampleTenant();
    const state = async () => {
      const { rows } = await sql<{ lines: unknown }>`
        select jsonb_agg(to_jsonb(l) - 'entity' - 'org' - 'run' - 'hold' order by l.id) as lines
        from staging.line as l where entity = ${entity}`.execute(database.db);
      return rows[0]?.lines;
    };
    await run(tenant);
    const atOnce = await state();
    entity = `${entity}-batches`;
    for (const object of Object.keys(tenant).toReversed()) await run({ [object]: tenant[object] ?? [] });
    expect(await state()).toEqual(atOnce);
    expect(await holds()).toEqual([]);
  });

  test('says of every line which version of which source rows it came from', async () => {
    await run(sampleTenant());
    const { rows } = await sql<{ sources: string }>`
      select sources::text as sources from staging.line where entity = ${entity} and id = 'INV:item1'`.execute(
      database.db,
    );
    expect(rows[0]?.sources).toContain('2024-01-05 10:00:00+00');
  });
});

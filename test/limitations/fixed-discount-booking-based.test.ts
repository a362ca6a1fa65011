import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { fixedDiscountBookingBased } from '../../src/limitations/fixed-discount-booking-based.ts';
import { listHolds } from '../../src/store/list-holds.ts';
import { type Billing, type Story, tenantOf } from '../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { run } from '../support/server-database.ts';
import { collectOrg, syncRows } from '../support/sync-rows.ts';

const FIXED = { ChargeModel: 'Discount-Fixed Amount' };
const FLAG = { ExcludeItemBookingFromRevenueAccounting: 'true' };
const UpdatedDate = '2024-03-01T00:00:00Z';

const invoice = (id: string, more: Partial<Billing> = {}): Billing => ({
  id,
  kind: 'invoice',
  amount: '-10.00',
  ...more,
});

const story = (id: string, charge: Story['charge'] = FIXED, billings: readonly Billing[] = []): Story => ({
  id,
  versions: [{ booked: '-100' }],
  billings,
  ...(charge === undefined ? {} : { charge }),
});

describe('fixed-discount-booking-based', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const inStaging = () => foundInStaging(database.db, fixedDiscountBookingBased);

  /** `<line> of <SO line>: <status>`, sorted. */
  const lines = async (): Promise<string[]> => {
    const { rows } = await sql<{ told: string }>`
      select l.id || ' of ' || l.so_line_id || ': ' || coalesce(s.status, 'collected') as told
      from staging.line as l left join staging.line_state as s on s.entity = l.entity and s.id = l.id`.execute(
      database.db,
    );
    return rows.map(({ told }) => told).toSorted();
  };

  test('stops the booking of a fixed-amount discount that no flag excludes, and of no other', async () => {
    const flagged = tenantOf([
      story('fixed'),
      story('spelled', { ChargeModel: 'DiscountFixedAmount' }),
      story('excluded', { ...FIXED, ...FLAG }),
      story('inCatalog', { ...FIXED, ProductRatePlanChargeId: 'excluded' }),
      story('unflagged', { ...FIXED, ExcludeItemBookingFromRevenueAccounting: 'false' }),
      story('percentage', { ChargeModel: 'Discount-Percentage' }),
      story('fee', { ChargeModel: 'Flat Fee Pricing' }),
    ]);
    const [product] = flagged['ProductRatePlanCharge'] ?? [];
    await syncRows(database, {
      ...flagged,
      ProductRatePlanCharge: [{ ...product }, { ...product, Id: 'excluded', ...FLAG }],
    });
    expect(await foundInBilling(database.db, fixedDiscountBookingBased)).toEqual(
      ['fixed', 'spelled', 'unflagged'].map((id) => `RatePlanCharge ${id}-rpc1`),
    );
    expect(await inStaging()).toEqual(['fixed', 'spelled', 'unflagged'].map((id) => `SO:${id}.1@1`));
    expect(await listHolds(database.db, {})).toContainEqual(
      expect.objectContaining({
        line: 'SO:fixed.1@1',
        message:
          'RatePlanCharge fixed-rpc1 cannot be booked: its discount "Monthly fee" is a fixed amount, and its booking is not excluded.',
      }),
    );
  });

  describe('lets billings flow', () => {
    test('each with an SO line of its own, and credits with that of the item they credit', async () => {
      const billings: Billing[] = [
        invoice('item'),
        { id: 'back', kind: 'credit of invoice', amount: '-4.00', of: 'item' },
        { id: 'run', kind: 'credit', amount: '-3.00' },
      ];
      await syncRows(database, tenantOf([story('fixed', FIXED, billings)]));
      await collectOrg(database);
      expect(await lines()).toEqual([
        'CM:back of REVSYNC-item: collected',
        'INV:item of REVSYNC-item: collected',
        'INV:run of REVSYNC-run: collected',
        'SO:REVSYNC-item@1 of REVSYNC-item: collected',
        'SO:REVSYNC-run@1 of REVSYNC-run: collected',
        'SO:fixed.1@1 of fixed.1: stopped',
      ]);
    });

    test('of any charge whose booking a flag excludes, but not its billing', async () => {
      const silent = { ...FLAG, ExcludeItemBillingFromRevenueAccounting: 'true' };
      await syncRows(
        database,
        tenantOf([
          story('fee', FLAG, [invoice('item', { amount: '10.00' })]),
          story('silent', silent, [invoice('unheard')]),
        ]),
      );
      await collectOrg(database);
      expect(await lines()).toEqual([
        'INV:item of REVSYNC-item: collected',
        'SO:REVSYNC-item@1 of REVSYNC-item: collected',
      ]);
    });

    test('into the contract of their subscription', async () => {
      const subscription = { Name: 'S-1' };
      await syncRows(
        database,
        tenantOf([
          { ...story('fee', { ChargeModel: 'Flat Fee Pricing' }), subscription },
          { ...story('fixed', FIXED, [invoice('item')]), subscription },
        ]),
      );
      await collectOrg(database);
      const rows = await database.db.selectFrom('revenue.line').select(['line', 'contract']).execute();
      expect(rows.map(({ line }) => line).toSorted()).toEqual([
        'INV:item',
        'SO:REVSYNC-item@1',
        'SO:fee.1@1',
      ]);
      expect(new Set(rows.map(({ contract }) => contract)).size).toBe(1);
    });
  });

  test('lets no billing flow while another rule stops the discount, too', async () => {
    const back = { id: 'back', kind: 'credit of invoice', amount: '-4.00', of: 'item' } as const;
    const account = { ...FIXED, DiscountLevel: 'account' };
    await syncRows(database, tenantOf([story('fixed', account, [invoice('item'), back])]));
    await collectOrg(database);
    expect(await lines()).toEqual([
      'CM:back of REVSYNC-item: waiting',
      'INV:item of REVSYNC-item: waiting',
      'SO:REVSYNC-item@1 of REVSYNC-item: waiting',
      'SO:fixed.1@1 of fixed.1: stopped',
    ]);
    const holds = await listHolds(database.db, {});
    expect(holds.find(({ line }) => line === 'SO:REVSYNC-item@1')?.message).toContain(
      'more than being a fixed amount',
    );
    const subscription = { ...FIXED, DiscountLevel: 'subscription', UpdatedDate };
    await syncRows(database, tenantOf([story('fixed', subscription, [invoice('item'), back])]));
    await collectOrg(database);
    expect(await lines()).toEqual([
      'CM:back of REVSYNC-item: collected',
      'INV:item of REVSYNC-item: collected',
      'SO:REVSYNC-item@1 of REVSYNC-item: collected',
      'SO:fixed.1@1 of fixed.1: stopped',
    ]);
  });

  test('goes by itself when the flag is set, and nothing is doubled', async () => {
    await syncRows(database, tenantOf([story('fixed', FIXED, [invoice('item')])]));
    await collectOrg(database);
    await syncRows(
      database,
      tenantOf([story('fixed', { ...FIXED, ...FLAG, UpdatedDate }, [invoice('item')])]),
    );
    await collectOrg(database);
    expect(await foundInBilling(database.db, fixedDiscountBookingBased)).toEqual([]);
    expect(await listHolds(database.db, {})).toEqual([]);
    expect(await lines()).toEqual([
      'INV:item of REVSYNC-item: collected',
      'SO:REVSYNC-item@1 of REVSYNC-item: collected',
    ]);
  });

  describe('where the booking was collected before', () => {
    test('goes on billing into it after a flag was set', async () => {
      const charge = { ChargeModel: 'Flat Fee Pricing' };
      await syncRows(database, tenantOf([story('fee', charge)]));
      await collectOrg(database);
      await syncRows(
        database,
        tenantOf([story('fee', { ...charge, ...FLAG, UpdatedDate }, [invoice('item')])]),
      );
      await collectOrg(database);
      expect(await lines()).toEqual(['INV:item of fee.1: collected', 'SO:fee.1@1 of fee.1: collected']);
    });

    test('goes on billing into it while a newer version is stopped', async () => {
      const rows = tenantOf([{ ...story('fixed', {}), versions: [{ booked: '-100' }] }]);
      await syncRows(database, rows);
      await collectOrg(database);
      const versions = [{ booked: '-100' }, { booked: '-90' }];
      const later = tenantOf([{ ...story('fixed', FIXED, [invoice('item', { version: 2 })]), versions }]);
      await syncRows(database, {
        ...later,
        RatePlanCharge: (later['RatePlanCharge'] ?? []).filter((row) => row['Id'] !== 'fixed-rpc1'),
      });
      await collectOrg(database);
      expect(await lines()).toEqual([
        'INV:item of fixed.1: collected',
        'SO:fixed.1@1 of fixed.1: collected',
        'SO:fixed.1@2 of fixed.1: stopped',
      ]);
    });
  });

  test('takes in what waits for a booking since before the rule', async () => {
    await syncRows(database, tenantOf([story('fixed', FIXED, [invoice('item')])]));
    for (const statement of [
      `delete from staging.line_state where id = 'SO:REVSYNC-item@1'`,
      `delete from staging.line where id = 'SO:REVSYNC-item@1'`,
      `delete from staging.hold`,
      `update staging.line set so_line_id = 'fixed.1' where id = 'INV:item'`,
      `update staging.line set withheld = null where id = 'SO:fixed.1@1'`,
      `update staging.line_state set status = 'ready' where id = 'SO:fixed.1@1'`,
    ]) {
      await run(database.url, statement);
    }
    await syncRows(database, {});
    expect(await lines()).toEqual([
      'INV:item of REVSYNC-item: ready',
      'SO:REVSYNC-item@1 of REVSYNC-item: ready',
      'SO:fixed.1@1 of fixed.1: stopped',
    ]);
  });
});

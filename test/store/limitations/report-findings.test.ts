import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { listFindings } from '../../../src/store/list-findings.ts';
import { amendedTenant, type SegmentOf } from '../../support/amended-tenant.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { run } from '../../support/server-database.ts';
import { type Rows, syncRows } from '../../support/sync-rows.ts';

const YEAR = { from: '2024-01-01', to: '2025-01-01' };
const UpdatedDate = '2024-03-01T00:00:00Z';

const off = (charge: string, change: SegmentOf['with'] = {}): SegmentOf => ({
  charge,
  ...YEAR,
  amount: '60',
  discounts: 'fee.1',
  with: change,
});

const tenant = (...segments: readonly SegmentOf[]): Rows =>
  amendedTenant([{ version: 1, segments: [{ charge: 'fee', ...YEAR, amount: '1200' }, ...segments] }]);

describe('reportFindings', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const open = async () =>
    (await listFindings(database.db, { open: true })).map(({ finding, source }) => `${finding} ${source}`);

  /** Versions of all rows of findings: they tell whether anything was written. */
  const written = async () =>
    (await sql<{ xmin: string }>`select id, xmin::text from staging.finding order by id`.execute(database.db))
      .rows;

  test('resolves a finding when only the product charge gets the flag', async () => {
    const own = { ProductRatePlanChargeId: 'pd' };
    const removed = { ...own, ChargeType: 'OneTime' };
    const refund = { charge: 'r', from: '2024-02-01', to: '2024-02-01', amount: '-200', with: removed };
    const rows = tenant(off('a', own), off('b'), refund);
    const [product] = rows['ProductRatePlanCharge'] ?? [];
    const pd = { ...product, Id: 'pd' };
    await syncRows(database, { ...rows, ProductRatePlanCharge: [{ ...product }, pd] });
    expect(await open()).toEqual(['overlapping-discounts fee-1-v1', 'negative-one-time-charge r-1-v1']);
    await syncRows(database, {
      ProductRatePlanCharge: [{ ...pd, ExcludeItemBookingFromRevenueAccounting: 'true', UpdatedDate }],
    });
    expect(await open()).toEqual([]);
  });

  test('follows an account that comes late, which says the currency', async () => {
    const { Account: accounts = [], ...rest } = tenant(off('a'), off('b'));
    await syncRows(database, rest);
    expect(await listFindings(database.db, { open: true })).toMatchObject([{ currency: null }]);
    await syncRows(database, { Account: accounts });
    expect(await listFindings(database.db, { open: true })).toMatchObject([{ currency: 'USD' }]);
  });

  test('writes no finding when nothing changed', async () => {
    const rows = tenant(off('a'), off('b'));
    await syncRows(database, rows);
    const before = await written();
    expect(before).toHaveLength(1);
    await syncRows(database, {});
    await syncRows(database, rows);
    expect(await written()).toEqual(before);
  });

  test('looks at everything, changed or not, when the last run knew other rules', async () => {
    await syncRows(database, tenant(off('a'), off('b')));
    await run(database.url, 'delete from staging.finding');
    await syncRows(database, {});
    expect(await open()).toEqual([]);
    await run(database.url, `update control.run set rules = 'of an older release'`);
    await syncRows(database, {});
    expect(await open()).toEqual(['overlapping-discounts fee-1-v1']);
    await run(database.url, 'delete from staging.finding');
    await run(database.url, 'update control.run set rules = null');
    await syncRows(database, {});
    expect(await open()).toEqual(['overlapping-discounts fee-1-v1']);
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { listFindings } from '../../../src/store/list-findings.ts';
import { type Billing, type Story, tenantOf } from '../../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';

const FEE = { ChargeModel: 'Flat Fee Pricing' };
const FLAGGED = { ...FEE, ExcludeItemBookingFromRevenueAccounting: 'true' };
const TAKEN_BACK = {
  ...FEE,
  ExcludeItemBookingFromRevenueAccounting: 'false',
  UpdatedDate: '2024-03-01T00:00:00Z',
};
const ITEM: Billing = { id: 'item', kind: 'invoice', amount: '100' };

const fee = (charge: NonNullable<Story['charge']>, ...billings: readonly Billing[]) =>
  tenantOf([{ id: 'fee', versions: [{ booked: '1200' }], billings: [ITEM, ...billings], charge }]);

describe('a booking beside SO lines that were made for its items', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const found = () => listFindings(database.db, { finding: 'booked-beside-standalone', open: true });
  const syncAndCollect = async (rows: ReturnType<typeof tenantOf>) => {
    await syncRows(database, rows);
    await collectOrg(database);
  };

  test('is found with what is booked twice', async () => {
    await syncAndCollect(fee(FLAGGED));
    await syncRows(database, fee(TAKEN_BACK));
    expect(await found()).toEqual([]); // not collected yet
    await collectOrg(database);
    await syncRows(database, {});
    expect(await found()).toMatchObject([
      {
        object: 'RatePlanCharge',
        source: 'fee-rpc1',
        line: 'SO:fee.1@1',
        amount: '100.00',
        currency: 'USD',
        message: expect.stringContaining('it books 1200, and they book 100: REVSYNC-item') as string,
      },
    ]);
  });

  test('is over when the item was credited, for its credit refers to the SO line made for it', async () => {
    await syncAndCollect(fee(FLAGGED));
    await syncAndCollect(fee(TAKEN_BACK));
    await syncRows(database, {});
    expect(await found()).toHaveLength(1);
    await syncAndCollect(
      fee(TAKEN_BACK, { id: 'back', kind: 'credit of invoice', amount: '100', of: 'item' }),
    );
    await syncRows(database, {});
    expect(await found()).toEqual([]);
  });

  test('is none while the flag excludes the booking', async () => {
    await syncAndCollect(fee(FLAGGED));
    await syncRows(database, {});
    expect(await found()).toEqual([]);
  });
});

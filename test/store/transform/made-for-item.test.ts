import { afterEach, beforeEach, describe, expect, test } from 'vitest';

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
const CREDIT: Billing = { id: 'back', kind: 'credit of invoice', amount: '40', of: 'item' };

const fee = (charge: NonNullable<Story['charge']>, ...billings: readonly Billing[]) =>
  tenantOf([{ id: 'fee', versions: [{ booked: '1200' }], billings: [ITEM, ...billings], charge }]);

describe('a credit of an item that stands alone', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const soLine = async () =>
    (
      await database.db
        .selectFrom('staging.line')
        .select('so_line_id')
        .where('source_id', '=', 'back')
        .executeTakeFirst()
    )?.so_line_id;

  test('follows the SO line that is collected of it, though the flag was taken back', async () => {
    await syncRows(database, fee(FLAGGED));
    await collectOrg(database);
    await syncRows(database, fee(TAKEN_BACK, CREDIT));
    expect(await soLine()).toBe('REVSYNC-item');
  });

  test('follows its charge where the item was not collected before', async () => {
    await syncRows(database, fee(FLAGGED));
    await syncRows(database, fee(TAKEN_BACK, CREDIT));
    expect(await soLine()).toBe('fee.1');
  });

  test('follows its charge where the item was always billed under it', async () => {
    await syncRows(database, fee(FEE));
    await collectOrg(database);
    await syncRows(database, fee(FEE, CREDIT));
    expect(await soLine()).toBe('fee.1');
  });
});

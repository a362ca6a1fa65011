import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { prepaymentCharge } from '../../src/limitations/prepayment-charge.ts';
import { listHolds } from '../../src/store/list-holds.ts';
import { tenantOf, type Story } from '../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { syncRows } from '../support/sync-rows.ts';

const story = (id: string, charge: Story['charge']): Story => ({
  id,
  versions: [{ booked: '100' }],
  ...(charge === undefined ? {} : { charge }),
});

describe('prepayment-charge', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  test('stops the booking of a prepaid charge, and of no other', async () => {
    const rows = tenantOf([
      story('prepaid', { IsPrepaid: 'true' }),
      story('paid', { IsPrepaid: 'false' }),
      story('untold', undefined),
      story('drawdown', { PrepaidOperationType: 'drawdown', IsPrepaid: 'false' }),
    ]);
    await syncRows(database, rows);
    expect(await foundInBilling(database.db, prepaymentCharge)).toEqual(['RatePlanCharge prepaid-rpc1']);
    expect(await foundInStaging(database.db, prepaymentCharge)).toEqual(['SO:prepaid.1@1']);
    expect(await listHolds(database.db, {})).toMatchObject([
      {
        line: 'SO:prepaid.1@1',
        limitation: 'prepayment-charge',
        kind: 'limitation',
        message:
          'RatePlanCharge prepaid-rpc1 cannot be booked: its charge "Monthly fee" is prepaid, and prepayment is not supported.',
        remedy: prepaymentCharge.stop?.text.remedy,
      },
    ]);
  });

  test('goes on by itself when the charge is changed', async () => {
    await syncRows(database, tenantOf([story('prepaid', { IsPrepaid: 'true' })]));
    await syncRows(
      database,
      tenantOf([story('prepaid', { IsPrepaid: 'false', UpdatedDate: '2024-03-01T00:00:00Z' })]),
    );
    expect(await foundInBilling(database.db, prepaymentCharge)).toEqual([]);
    expect(await foundInStaging(database.db, prepaymentCharge)).toEqual([]);
    expect(await listHolds(database.db, {})).toEqual([]);
  });
});

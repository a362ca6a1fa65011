import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { undatedPendingCharges } from '../../src/limitations/undated-pending-charges.ts';
import { listHolds } from '../../src/store/list-holds.ts';
import { tenantOf, type Story } from '../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { syncRows } from '../support/sync-rows.ts';

const UNDATED = { EffectiveStartDate: null, EffectiveEndDate: null, OriginalOrderDate: null };
const PENDING = { Status: 'Pending Activation', TermStartDate: null, TermEndDate: null };
const story = (id: string, charge: Story['charge'], subscription: Story['subscription']): Story => ({
  id,
  versions: [{ booked: '100' }],
  ...(charge === undefined ? {} : { charge }),
  ...(subscription === undefined ? {} : { subscription }),
});

describe('undated-pending-charges', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  test('stops the booking of an undated charge of a subscription that is not active yet, and of no other', async () => {
    const rows = tenantOf([
      story('activation', UNDATED, PENDING),
      story('acceptance', UNDATED, { Status: 'PendingAcceptance' }),
      story('draft', UNDATED, { Status: 'Draft' }),
      // Dated by a trigger of its own.
      story('dated', {}, PENDING),
      story('active', UNDATED, { Status: 'Active' }),
      story('untold', UNDATED, { Status: null }),
    ]);
    await syncRows(database, rows);
    expect(await foundInBilling(database.db, undatedPendingCharges)).toEqual([
      'RatePlanCharge acceptance-rpc1',
      'RatePlanCharge activation-rpc1',
      'RatePlanCharge draft-rpc1',
    ]);
    expect(await foundInStaging(database.db, undatedPendingCharges)).toEqual([
      'SO:acceptance.1@1',
      'SO:activation.1@1',
      'SO:draft.1@1',
    ]);
    const holds = (await listHolds(database.db, {})).filter(({ line }) => line === 'SO:activation.1@1');
    expect(holds, 'what follows from it is not told beside it').toMatchObject([
      {
        limitation: 'undated-pending-charges',
        message:
          'RatePlanCharge activation-rpc1 has no dates: its subscription S-activation is Pending Activation.',
      },
    ]);
    const missing = (await listHolds(database.db, {})).filter(({ line }) => line === 'SO:active.1@1');
    expect(missing.map(({ limitation }) => limitation)).toContain('missing-revenue-start-date');
  });

  test('goes on by itself when the subscription is activated', async () => {
    await syncRows(database, tenantOf([story('late', UNDATED, PENDING)]));
    const updated = { UpdatedDate: '2024-03-01T00:00:00Z' };
    await syncRows(database, tenantOf([story('late', updated, updated)]));
    expect(await foundInBilling(database.db, undatedPendingCharges)).toEqual([]);
    expect(await listHolds(database.db, {})).toEqual([]);
  });
});

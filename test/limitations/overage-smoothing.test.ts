import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { overageSmoothing } from '../../src/limitations/overage-smoothing.ts';
import { listHolds } from '../../src/store/list-holds.ts';
import { type Story, tenantOf } from '../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { syncRows } from '../support/sync-rows.ts';

const usage = (id: string, charge: NonNullable<Story['charge']>): Story => ({
  id,
  versions: [{ booked: '0' }],
  charge: { ChargeType: 'Usage', ...charge },
});

describe('overage-smoothing', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  test('stops the booking of smoothed overage, and of no other usage', async () => {
    const rows = tenantOf([
      usage('model', { ChargeModel: 'Overage Smoothing Pricing' }),
      usage('spelled', { ChargeModel: 'OverageSmoothing' }),
      usage('rollover', { ChargeModel: 'Overage Pricing', SmoothingModel: 'Rollover' }),
      usage('tiered', { ChargeModel: 'Tiered with Overage Pricing', SmoothingModel: 'RollingWindow' }),
      usage('overage', { ChargeModel: 'Overage Pricing', OverageCalculationOption: 'EndOfSmoothingPeriod' }),
      usage('tieredOverage', { ChargeModel: 'Tiered with Overage Pricing', SmoothingModel: ' ' }),
      usage('volume', { ChargeModel: 'Volume Pricing', SmoothingModel: 'Rollover' }),
    ]);
    await syncRows(database, rows);
    expect(await foundInBilling(database.db, overageSmoothing)).toEqual(
      ['model', 'rollover', 'spelled', 'tiered'].map((id) => `RatePlanCharge ${id}-rpc1`),
    );
    expect(await foundInStaging(database.db, overageSmoothing)).toEqual(
      ['model', 'rollover', 'spelled', 'tiered'].map((id) => `SO:${id}.1@1`),
    );
    expect((await listHolds(database.db, {})).map(({ message }) => message)).toEqual([
      'RatePlanCharge model-rpc1 cannot be booked: its charge "Monthly fee" has the charge model Overage Smoothing Pricing, and overage smoothing is not supported.',
      'RatePlanCharge rollover-rpc1 cannot be booked: its charge "Monthly fee" has the smoothing model Rollover, and overage smoothing is not supported.',
      'RatePlanCharge spelled-rpc1 cannot be booked: its charge "Monthly fee" has the charge model OverageSmoothing, and overage smoothing is not supported.',
      'RatePlanCharge tiered-rpc1 cannot be booked: its charge "Monthly fee" has the smoothing model RollingWindow, and overage smoothing is not supported.',
    ]);
  });

  test('goes on by itself when the charge is changed, and is left out when a flag excludes it', async () => {
    const smoothed = { ChargeModel: 'Overage Smoothing Pricing' };
    await syncRows(database, tenantOf([usage('changed', smoothed), usage('flagged', smoothed)]));
    const UpdatedDate = '2024-03-01T00:00:00Z';
    const flag = { ExcludeItemBookingFromRevenueAccounting: 'true' };
    await syncRows(
      database,
      tenantOf([
        usage('changed', { ChargeModel: 'Overage Pricing', UpdatedDate }),
        usage('flagged', { ...smoothed, ...flag, UpdatedDate }),
      ]),
    );
    expect(await foundInBilling(database.db, overageSmoothing)).toEqual([]);
    expect(await listHolds(database.db, {})).toEqual([]);
  });
});

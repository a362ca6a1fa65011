import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { negativeOneTimeCharge as rule } from '../../src/limitations/negative-one-time-charge.ts';
import { listFindings } from '../../src/store/list-findings.ts';
import { amendedTenant, type SegmentOf } from '../support/amended-tenant.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { atStake, foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { type Rows, syncRows } from '../support/sync-rows.ts';

const DAY = { from: '2024-02-01', to: '2024-02-02' };
const ONCE = { ChargeType: 'OneTime' };

const rebate = (change: Partial<SegmentOf> = {}): SegmentOf => ({
  charge: 'rebate',
  ...DAY,
  amount: '-200',
  with: ONCE,
  ...change,
});

/** The rebate as it was sold, and what the next version of its subscription has of it. */
const amended = (sold: SegmentOf, then: readonly SegmentOf[], subscription = {}): Rows =>
  amendedTenant([
    { version: 1, segments: [sold] },
    { version: 2, segments: then, with: subscription },
  ]);

const CANCELLED = { Status: 'Cancelled' };
const ON_FIRST_DAY = { to: '2024-02-01', amount: '0' };

describe('negative-one-time-charge', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity, org: entity });

  test.each([
    ['was removed on its first day', amended(rebate(), [rebate(ON_FIRST_DAY)]), 'rebate-1-v2'],
    ['is worth nothing any more', amended(rebate(), [rebate({ amount: '0' })]), 'rebate-1-v2'],
    ['the newest version has not any more', amended(rebate(), []), 'rebate-1-v1'],
    [
      'its subscription was cancelled before',
      amended(rebate(), [rebate()], { ...CANCELLED, CancelledDate: '2024-01-15' }),
      'rebate-1-v2',
    ],
    [
      'its subscription, which tells its end alone, was cancelled before',
      amended(rebate(), [rebate()], { ...CANCELLED, SubscriptionEndDate: '2024-02-01' }),
      'rebate-1-v2',
    ],
  ])('finds a negative one-time charge that %s, with what it was worth', async (_how, rows, id) => {
    await sync(rows);
    expect(await foundInBilling(database.db, rule, entity)).toEqual([`RatePlanCharge ${id}`]);
    expect(await atStake(database.db, rule, entity)).toEqual(['-200 USD']);
  });

  test('knows a negative charge by its price where Billing tells no contractual values', async () => {
    const { ChargeContractualValueAllCharges: _, ...rows } = amended(rebate({ quantity: '2' }), [
      rebate({ ...ON_FIRST_DAY, quantity: '2' }),
    ]);
    const tier = { RatePlanChargeId: 'rebate-1-v1', Price: '-75.00', UpdatedDate: '2024-01-11T00:00:00Z' };
    await sync({ ...rows, RatePlanChargeTier: [{ Id: 'tier', ...tier }] });
    expect(await foundInBilling(database.db, rule, entity)).toEqual(['RatePlanCharge rebate-1-v2']);
    expect(await atStake(database.db, rule, entity)).toEqual(['-150 USD']);
  });

  test.each([
    ['a positive one', rebate({ amount: '200' }), {}],
    ['one that recurs', rebate({ with: { ChargeType: 'Recurring' } }), {}],
    [
      'a discount that is given once',
      rebate({ with: { ...ONCE, ChargeModel: 'Discount-Fixed Amount' } }),
      {},
    ],
    ['what is excluded', rebate({ with: { ...ONCE, ExcludeItemBookingFromRevenueAccounting: 'true' } }), {}],
  ])('takes %s that was removed for none', async (_what, sold) => {
    await sync(amended(sold, [{ ...sold, ...ON_FIRST_DAY }]));
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
  });

  test.each([
    ['still stands', {}],
    ['was due before its subscription was cancelled', { ...CANCELLED, CancelledDate: '2024-06-01' }],
  ])('takes one for none that %s', async (_what, subscription) => {
    await sync(amended(rebate(), [rebate()], subscription));
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
  });

  test('opens a finding with the amount, and resolves it when the charge stands again', async () => {
    const rows = amended(rebate(), [rebate(ON_FIRST_DAY)]);
    const { db } = database;
    await sync(rows);
    expect(await foundInStaging(db, rule, entity)).toEqual(['rebate-1-v2']);
    expect(await listFindings(db, { entity, finding: rule.id })).toMatchObject([
      {
        object: 'RatePlanCharge',
        source: 'rebate-1-v2',
        amount: '-200.00',
        currency: 'USD',
        message:
          'RatePlanCharge rebate-1-v2 is a negative one-time charge that was cancelled or removed: it ends before it begins.',
        remedy: rule.finding?.remedy,
        resolved: null,
      },
    ]);
    await sync(amendedTenant([{ version: 3, segments: [rebate()] }]));
    expect(await listFindings(db, { entity, finding: rule.id, open: true })).toEqual([]);
  });
});

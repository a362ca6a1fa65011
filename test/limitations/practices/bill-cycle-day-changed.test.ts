import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { billCycleDayChanged } from '../../../src/limitations/practices/bill-cycle-day-changed.ts';
import { listFindings } from '../../../src/store/list-findings.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { atStake, foundInBilling } from '../../support/limitation-tenant.ts';
import { changedRow, sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { type Rows, syncRows } from '../../support/sync-rows.ts';

const day = (BillCycleDay: string, at = '06', more: Readonly<Record<string, string>> = {}) =>
  changedRow('Account', 'acc', { BillCycleDay, UpdatedDate: `2024-01-${at}T00:00:00Z`, ...more });
const chargeDay = (BillCycleDay: string | null, at = '06') =>
  changedRow('RatePlanCharge', 'rpc1', { BillCycleDay, UpdatedDate: `2024-01-${at}T00:00:00Z` });
const billedOn = (BillCycleDay: string): Rows =>
  withChanged(sampleTenant(), 'Account', 'acc', { BillCycleDay });

describe('bill-cycle-day-changed', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows);
  const found = () => foundInBilling(database.db, billCycleDayChanged);
  const findings = async () =>
    (await listFindings(database.db, { open: true })).filter(
      ({ finding }) => finding === billCycleDayChanged.id,
    );

  test('finds the account whose day moved, with what its charges book, and resolves it when the day is back', async () => {
    await sync(billedOn('1'));
    expect(await found()).toEqual([]);
    await sync(day('15'));
    expect(await found()).toEqual(['Account acc']);
    expect(await atStake(database.db, billCycleDayChanged)).toEqual(['1200 USD']);
    expect(await findings()).toMatchObject([
      {
        object: 'Account',
        source: 'acc',
        amount: '1200.00',
        currency: 'USD',
        message: 'Account acc has another bill cycle day than it was booked by: day 1 before, day 15 now.',
      },
    ]);
    await sync(day('1', '07'));
    expect(await found()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test('counts a charge that follows the account with the account, though Billing fills in its day', async () => {
    const follows = (BillCycleDay: string, tenant: Rows): Rows =>
      withChanged(tenant, 'RatePlanCharge', 'rpc1', { BillCycleType: 'DefaultFromCustomer', BillCycleDay });
    await sync(follows('1', billedOn('1')));
    const later = { UpdatedDate: '2024-01-06T00:00:00Z' };
    const moved = withChanged(billedOn('15'), 'Account', 'acc', later);
    await sync(withChanged(follows('15', moved), 'RatePlanCharge', 'rpc1', later));
    expect(await found()).toEqual(['Account acc']);
    expect(await atStake(database.db, billCycleDayChanged)).toEqual(['1200 USD']);
  });

  test('leaves out of the account what bills on a day of its own', async () => {
    await sync(
      withChanged(billedOn('1'), 'RatePlanCharge', 'rpc1', {
        BillCycleType: 'SpecificDayofMonth',
        BillCycleDay: '5',
      }),
    );
    await sync(day('15'));
    expect(await found()).toEqual(['Account acc']);
    expect(await atStake(database.db, billCycleDayChanged)).toEqual([]);
  });

  test('finds the charge whose own day moved, once, and not its account', async () => {
    await sync(withChanged(billedOn('1'), 'RatePlanCharge', 'rpc1', { BillCycleDay: '1' }));
    await sync(chargeDay('10'));
    await sync(chargeDay('20', '07'));
    expect(await found()).toEqual(['RatePlanCharge rpc1']);
    expect((await findings()).map(({ message }) => message)).toEqual([
      'RatePlanCharge rpc1 has another bill cycle day than it was booked by: day 10 before, day 20 now.',
    ]);
    expect(await atStake(database.db, billCycleDayChanged)).toEqual(['1200 USD']);
    expect(await findings()).toHaveLength(1);
  });

  test.each<[string, Rows, Rows]>([
    ['an account that changed in other things', billedOn('1'), day('1', '06', { Name: 'Renamed' })],
    ['a first day, which Billing filled in', billedOn('0'), day('15')],
    ['a charge of its own day while the account’s is as it was', billedOn('1'), chargeDay('5')],
    ['an account that nothing is sold to', { Account: billedOn('1')['Account'] ?? [] }, day('15')],
    [
      'a charge that was drafted',
      withChanged(
        withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { BillCycleDay: '1' }),
        'Subscription',
        'sub1',
        { Status: 'Draft' },
      ),
      chargeDay('5'),
    ],
  ])('passes over %s', async (_what, before, after) => {
    await sync(before);
    await sync(after);
    expect(await found()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test('passes over a day that moved before anything was sold', async () => {
    const { Account = [], ...sold } = sampleTenant();
    await sync({
      Account: Account.map((row) => ({ ...row, BillCycleDay: '1', UpdatedDate: '2024-01-01T00:00:00Z' })),
    });
    await sync({ ...day('15', '02'), ...sold });
    expect(await found()).toEqual([]);
  });
});

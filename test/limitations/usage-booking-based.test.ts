import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { usageBookingBased as rule } from '../../src/limitations/usage-booking-based.ts';
import { showLine } from '../../src/store/show-line.ts';
import { bookingsOf } from '../support/billed-charges.ts';
import { type Story, tenantOf } from '../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { atStake, foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { lineReader } from '../support/line-reader.ts';
import { withChanged } from '../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../support/sync-rows.ts';

const USAGE = { ChargeType: 'Usage', Quantity: null };

/** Usage in two versions of its subscription, which was billed under both. */
const calls: Story = {
  id: 'calls',
  versions: [{ booked: '500' }, { booked: '500' }],
  billings: [
    { id: 'jan', kind: 'invoice', amount: '30', version: 1 },
    { id: 'feb', kind: 'invoice', amount: '12.50', version: 2, date: '2024-02-10' },
  ],
  charge: USAGE,
};

describe('usage-booking-based', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity, org: entity });

  test('finds usage once, with what all versions of it were billed, and no other charge', async () => {
    const billed = [{ id: 'fee', kind: 'invoice' as const, amount: '100' }];
    const rows = tenantOf([
      calls,
      { id: 'unbilled', versions: [{ booked: '0' }], charge: USAGE },
      { id: 'recurring', versions: [{ booked: '1200' }], billings: billed },
      { id: 'once', versions: [{ booked: '50' }], charge: { ChargeType: 'OneTime' } },
      { id: 'evergreen', versions: [{ booked: '0', ends: null }], subscription: { TermType: 'EVERGREEN' } },
      {
        id: 'excluded',
        versions: [{ booked: '0' }],
        charge: { ...USAGE, ExcludeItemBookingFromRevenueAccounting: 'true' },
      },
    ]);
    await sync(rows);
    expect(await foundInBilling(database.db, rule, entity)).toEqual([
      'RatePlanCharge calls-rpc2',
      'RatePlanCharge unbilled-rpc1',
    ]);
    expect(await atStake(database.db, rule, entity)).toEqual(['42.5 USD']);
    expect(await foundInStaging(database.db, rule, entity)).toEqual(['SO:calls.1@2', 'SO:unbilled.1@1']);
  });

  test('counts what posted invoices bill, without tax', async () => {
    const draft = withChanged(tenantOf([calls]), 'Invoice', 'of-jan', { Status: 'Draft' });
    await sync(withChanged(draft, 'InvoiceItem', 'feb', { ProcessingType: '3' }));
    expect(await atStake(database.db, rule, entity)).toEqual(['0 USD']);
  });

  test('books usage at 0 whatever it is worth, says so, and lifts the booking by what is billed', async () => {
    await sync(tenantOf([calls]));
    const { fields, lineage } = await showLine(database.db, { entity, id: 'SO:calls.1@2' });
    expect(fields['Ext Sell Price']).toMatch(/^0/);
    expect(lineage.fields['Ext Sell Price']?.derived).toMatch(/\(limitation usage-booking-based\)/);
    await collectOrg(database, entity);
    expect(await bookingsOf(database, entity)).toMatchObject([
      { booking: 'calls.1', amount: '0', lifted: '42.5' },
    ]);
  });

  test('is over when the charge is usage no more', async () => {
    await sync(tenantOf([{ id: 'a', versions: [{ booked: '500' }], charge: USAGE }]));
    const recurring = { ChargeType: 'Recurring', UpdatedDate: '2024-03-01T00:00:00Z' };
    await sync(tenantOf([{ id: 'a', versions: [{ booked: '500' }], charge: recurring }]));
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
    expect(await lineReader(database).line(entity, 'SO:a.1@1')).toMatchObject({ amount: '500' });
  });
});

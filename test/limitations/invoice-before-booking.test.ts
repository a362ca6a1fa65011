import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { invoiceBeforeBooking as rule } from '../../src/limitations/invoice-before-booking.ts';
import { closePeriod, openPeriod } from '../../src/store/periods.ts';
import { tenantOf } from '../support/charge-stories.ts';
import { contractAmounts } from '../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { atStake, foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { lineReader } from '../support/line-reader.ts';
import { withChanged } from '../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../support/sync-rows.ts';

/** Booked on one day, invoiced on another. */
const invoiced = (id: string, { booked, date }: { booked: string; date: string }, charge = {}) => ({
  id,
  versions: [{ booked: '1200', dated: booked }],
  billings: [{ id: `${id}-item`, kind: 'invoice' as const, amount: '100', date }],
  charge,
});

describe('invoice-before-booking', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity, org: entity });

  const early = invoiced('early', { booked: '2024-02-02', date: '2024-02-01' });

  test('finds what is invoiced before it is booked, and nothing else', async () => {
    const rows = tenantOf([
      early,
      invoiced('same', { booked: '2024-02-01', date: '2024-02-01' }),
      invoiced('later', { booked: '2024-02-01', date: '2024-02-02' }),
      invoiced('draft', { booked: '2024-02-02', date: '2024-02-01' }),
      invoiced('tax', { booked: '2024-02-02', date: '2024-02-01' }),
      invoiced('gone', { booked: '2024-02-02', date: '2024-02-01' }),
      invoiced(
        'excluded',
        { booked: '2024-02-02', date: '2024-02-01' },
        { ExcludeItemBillingFromRevenueAccounting: 'true' },
      ),
    ]);
    await sync(
      [
        ['Invoice', 'of-draft-item', { Status: 'Draft' }] as const,
        ['InvoiceItem', 'tax-item', { ProcessingType: 'Tax' }] as const,
        ['InvoiceItem', 'gone-item', { Deleted: 'true' }] as const,
      ].reduce((all, [object, id, change]) => withChanged(all, object, id, change), rows),
    );
    expect(await foundInBilling(database.db, rule, entity)).toEqual(['InvoiceItem early-item']);
    expect(await atStake(database.db, rule, entity)).toEqual(['100 USD']);
    expect(await foundInStaging(database.db, rule, entity)).toEqual(['INV:early-item']);
  });

  test('collects the invoice with its booking when both lie in the open period', async () => {
    await sync(tenantOf([early]));
    await collectOrg(database, entity);
    expect(await contractAmounts(database, entity)).toMatchObject([
      { bookings: '1200.00', billings: '100.00' },
    ]);
  });

  test('lets the invoice wait until its booking can be collected, and then go on by itself', async () => {
    await sync(tenantOf([invoiced('ahead', { booked: '2024-03-02', date: '2024-02-01' })]));
    await collectOrg(database, entity);
    const read = lineReader(database);
    expect(await read.line(entity, 'INV:ahead-item')).toMatchObject({ status: 'waiting' });
    expect((await read.holds(entity)).map((hold) => hold.split(': ')[0])).toEqual([
      'INV:ahead-item waits-for-booking',
      'SO:ahead.1@1 waits-for-open-period',
    ]);

    const by = { org: entity, by: 'test', reason: 'February is done.' };
    await closePeriod(database.db, { ...by, period: '2024-02' });
    await openPeriod(database.db, { ...by, period: '2024-03' });
    await collectOrg(database, entity);
    expect(await read.holds(entity)).toEqual([]);
    expect(await read.line(entity, 'INV:ahead-item')).toMatchObject({ status: 'collected' });
  });

  test('is over when the booking date is corrected', async () => {
    await sync(tenantOf([early]));
    await sync(
      tenantOf([
        invoiced(
          'early',
          { booked: '2024-02-01', date: '2024-02-01' },
          { UpdatedDate: '2024-03-01T00:00:00Z' },
        ),
      ]),
    );
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
    expect(await foundInStaging(database.db, rule, entity)).toEqual([]);
  });
});

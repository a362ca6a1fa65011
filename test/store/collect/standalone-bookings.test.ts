import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { releaseHold } from '../../../src/store/holds/release.ts';
import { openPeriod } from '../../../src/store/periods.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { linesOf } from '../../support/held-lines.ts';
import { changedRow, sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

const LATER = '2024-02-01T00:00:00Z';

describe('the booking made for a billing that was released as standalone', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity: org, org });
  const collect = () => collectOrg(database, org);
  const lines = () => linesOf(database, org);
  const made = async () => (await lines().statuses()).filter((line) => line.includes('REVSYNC'));
  const release = () =>
    releaseHold(database.db, {
      org,
      lines: ['INV:item1'],
      as: 'standalone',
      reason: 'Not part of the subscription.',
      by: 'ann',
      request: randomUUID(),
    });
  /** The charge of the two invoice items cannot be booked; they are dated after the open period. */
  const waitingAlone = async () => {
    const unbooked = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { OriginalOrderDate: null });
    await sync(withChanged(unbooked, 'Invoice', 'inv1', { InvoiceDate: '2024-03-10' }));
    await collect();
    await release();
    await collect();
    expect(await made()).toEqual(['SO:REVSYNC-item1@1 waiting']);
  };
  const openMarch = () => openPeriod(database.db, { org, period: '2024-03', by: 'ann', reason: 'test' });

  test('stays with its billing from collection to collection, and is collected with it', async () => {
    await waitingAlone();
    await collect();
    expect(await made()).toEqual(['SO:REVSYNC-item1@1 waiting']);
    await openMarch();
    expect(await collect()).toMatchObject({ collected: '2' });
    await collect();
    expect(await made()).toEqual(['SO:REVSYNC-item1@1 collected']);
  });

  test('goes when the billing says something else, and comes with the new values when it is released again', async () => {
    await waitingAlone();
    await sync(changedRow('InvoiceItem', 'item1', { ChargeAmount: '70.00', UpdatedDate: LATER }));
    await openMarch();
    expect(await collect()).toMatchObject({ collected: '0' });
    expect(await made()).toEqual([]);
    expect(await lines().holds()).toContain('INV:item1 waits-for-booking');
    await release();
    expect(await collect()).toMatchObject({ collected: '2' });
    expect(await lines().bookings()).toMatchObject([{ line: 'SO:REVSYNC-item1@1', amount: '70' }]);
  });

  test('is superseded with its billing when Billing deletes that', async () => {
    await waitingAlone();
    await sync(changedRow('InvoiceItem', 'item1', { Deleted: 'true', UpdatedDate: LATER }));
    await openMarch();
    expect(await collect()).toMatchObject({ collected: '0' });
    expect(await made()).toEqual(['SO:REVSYNC-item1@1 superseded']);
    expect(await lines().bookings()).toEqual([]);
  });
});

import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { ReleasedAs } from '../../../src/domain/releases.ts';
import { rejectHold } from '../../../src/store/holds/reject.ts';
import { releaseHold } from '../../../src/store/holds/release.ts';
import { openPeriod } from '../../../src/store/periods.ts';
import { contractAmounts } from '../../support/contract-amounts.ts';
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
  const decision = () => ({ org, by: 'ann', request: randomUUID() });
  const release = (line = 'INV:item1', as: ReleasedAs = 'standalone') =>
    releaseHold(database.db, { ...decision(), lines: [line], as, reason: 'Not part of the subscription.' });
  const reject = (line = 'INV:item1') =>
    rejectHold(database.db, { ...decision(), lines: [line], reason: 'Billed by mistake.' });
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

  test('is rejected with its billing, and collected after all when that is released again', async () => {
    await waitingAlone();
    await reject();
    await collect();
    expect(await made()).toEqual(['SO:REVSYNC-item1@1 rejected']);
    expect((await lines().holds()).filter((hold) => hold.includes('REVSYNC'))).toEqual([]);
    await openMarch();
    expect(await collect()).toMatchObject({ collected: '0' });
    expect(await lines().bookings()).toEqual([]);
    await release();
    expect(await collect()).toMatchObject({ collected: '2' });
    expect(await made()).toEqual(['SO:REVSYNC-item1@1 collected']);
  });

  test('is not left behind by a billing that is released to its own booking instead', async () => {
    await waitingAlone();
    await reject();
    await release('INV:item1', 'correction');
    await openMarch();
    expect(await collect()).toMatchObject({ collected: '0' });
    expect(await made()).toEqual(['SO:REVSYNC-item1@1 rejected']);
    expect(await lines().holds()).toContain('INV:item1 waits-for-booking');
  });

  describe('of which Billing says another amount once it is collected', () => {
    const changed = async (amount: string, at = LATER) => {
      await sync(changedRow('InvoiceItem', 'item1', { ChargeAmount: amount, UpdatedDate: at }));
      await collect();
    };
    beforeEach(async () => {
      await sync(withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { OriginalOrderDate: null }));
      await collect();
      await release();
      await collect();
      expect(await lines().bookings()).toMatchObject([{ line: 'SO:REVSYNC-item1@1', amount: '100' }]);
    });

    test('comes in another form with the new amount, once that form of the billing is released', async () => {
      await changed('130.00');
      expect(await made()).toEqual(['SO:REVSYNC-item1@1 collected']);
      await release('INV:item1#2', 'correction');
      expect(await collect()).toMatchObject({ collected: '2' });
      expect(await lines().bookings()).toEqual([
        { so_line_id: 'REVSYNC-item1', line: 'SO:REVSYNC-item1@1#2', amount: '130' },
      ]);
      expect(await contractAmounts(database, org)).toMatchObject([
        { bookings: '130.00', billings: '130.00' },
      ]);
      const { rows } = await sql`
        select cause, made_by from revenue.contract_version where org = ${org} order by version desc limit 1`.execute(
        database.db,
      );
      expect(rows).toEqual([{ cause: 'Correction', made_by: 'ann' }]);
    });

    test('comes in one form after the other', async () => {
      await changed('130.00');
      await release('INV:item1#2', 'correction');
      await collect();
      await changed('150.00', '2024-02-05T00:00:00Z');
      await release('INV:item1#3', 'amendment');
      await collect();
      expect(await lines().bookings()).toMatchObject([{ line: 'SO:REVSYNC-item1@1#3', amount: '150' }]);
      expect(await contractAmounts(database, org)).toMatchObject([
        { bookings: '150.00', billings: '150.00' },
      ]);
    });

    test('comes in none for a form that was rejected', async () => {
      await changed('130.00');
      await reject('INV:item1#2');
      await collect();
      expect(await lines().bookings()).toMatchObject([{ line: 'SO:REVSYNC-item1@1', amount: '100' }]);
      expect(await made()).toEqual(['SO:REVSYNC-item1@1 collected']);
    });

    test('comes in another form also when the released billing is formed anew and says the same', async () => {
      await changed('130.00');
      await release('INV:item1#2', 'correction');
      await changed('130.00', '2024-02-05T00:00:00Z');
      expect(await lines().bookings()).toMatchObject([{ line: 'SO:REVSYNC-item1@1#2', amount: '130' }]);
    });
  });
});

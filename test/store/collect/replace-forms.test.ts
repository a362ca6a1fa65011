import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { releaseHold } from '../../../src/store/holds/release.ts';
import { bookingsOf } from '../../support/billed-charges.ts';
import { type Story, tenantOf } from '../../support/charge-stories.ts';
import { contractAmounts } from '../../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { linesOf } from '../../support/held-lines.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

describe('replaceForms', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const stories: readonly Story[] = ['a', 'b'].map((id) => ({
    id,
    versions: [{ booked: '1200' }],
    ...(id === 'a' ? { billings: [{ id: 'i1', kind: 'invoice', amount: '1300' }] } : {}),
  }));
  const syncAndCollect = async (change: Readonly<Record<string, string>> = {}) => {
    const rows: Rows = tenantOf(stories);
    const items = (rows['InvoiceItem'] ?? []).map((item) => ({ ...item, ...change }));
    await syncRows(database, { ...rows, InvoiceItem: items }, { entity: org, org });
    await collectOrg(database, org);
  };
  const releaseAsCorrection = async (line: string) => {
    const why = { reason: 'Agreed with sales.', by: 'ann', request: randomUUID() };
    await releaseHold(database.db, { org, lines: [line], as: 'correction', ...why });
    await collectOrg(database, org);
  };

  test('lets the newest form of a billing count, however many there were', async () => {
    await syncAndCollect();
    for (const [form, amount] of [
      ['INV:i1#2', '1250'],
      ['INV:i1#3', '1270'],
    ] as const) {
      await syncAndCollect({ ChargeAmount: amount, UpdatedDate: `2024-02-0${form.at(-1)}T00:00:00Z` });
      await releaseAsCorrection(form);
    }
    expect(await linesOf(database, org).statuses()).toEqual([
      'INV:i1 superseded',
      'INV:i1#2 superseded',
      'INV:i1#3 collected',
      'SO:a.1@1 collected',
      'SO:b.1@1 collected',
    ]);
    expect(await contractAmounts(database, org)).toMatchObject([
      { key: 'S-a|1', bookings: '1270.00', billings: '1270.00' },
      { key: 'S-b|1', bookings: '1200.00', billings: '0.00' },
    ]);
  });

  test('takes a billing from the SO line that its replaced form was for', async () => {
    await syncAndCollect();
    expect(await bookingsOf(database, org)).toMatchObject([{ lifted: '100' }, { lifted: '0' }]);
    await syncAndCollect({
      RatePlanChargeId: 'b-rpc1',
      SubscriptionId: 'b-sub1',
      ChargeAmount: '1250',
      UpdatedDate: '2024-02-01T00:00:00Z',
    });
    await releaseAsCorrection('INV:i1#2');
    expect(await bookingsOf(database, org)).toMatchObject([
      { booking: 'a.1', lifted: '0' },
      { booking: 'b.1', lifted: '50' },
    ]);
  });
});

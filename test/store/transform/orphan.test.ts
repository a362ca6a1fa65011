import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { listHolds } from '../../../src/store/list-holds.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { changedRow, sampleTenant } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

describe('a line whose row needs another', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity: org, org });
  const messages = async () =>
    (await listHolds(database.db, { org, kind: 'orphan' })).map(({ message }) => message).toSorted();

  test('says which one has not come, and which one was deleted', async () => {
    const { Account: _accounts, ...rest } = sampleTenant();
    await sync({ ...rest, ...changedRow('Subscription', 'sub1', { Deleted: 'true' }) });
    expect(await messages()).toEqual([
      'InvoiceItem item1 needs Account acc, which has not come from Billing.',
      'InvoiceItem item1 needs Subscription sub1, which was deleted in Billing.',
      'InvoiceItem item2 needs Account acc, which has not come from Billing.',
      'InvoiceItem item2 needs Subscription sub1, which was deleted in Billing.',
      'RatePlanCharge rpc1 needs Account acc, which has not come from Billing.',
      'RatePlanCharge rpc1 needs Subscription sub1, which was deleted in Billing.',
    ]);
  });

  test('is not held by a deleted product, whose values it copied', async () => {
    await sync({ ...sampleTenant(), ...changedRow('Product', 'prod', { Deleted: 'true' }) });
    expect(await messages()).toEqual([]);
  });

  test('is not stopped once it is collected: what it needs keeps its values', async () => {
    await sync(sampleTenant());
    await collectOrg(database, org);
    await sync({
      ...changedRow('Subscription', 'sub1', { Deleted: 'true' }),
      ...changedRow('RatePlanCharge', 'rpc1', { Name: 'Renamed', UpdatedDate: '2024-01-20T00:00:00Z' }),
    });
    expect(await listHolds(database.db, { org })).toEqual([]);
  });
});

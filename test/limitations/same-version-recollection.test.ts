import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { sameVersionRecollection } from '../../src/limitations/same-version-recollection.ts';
import { releaseHold } from '../../src/store/holds/release.ts';
import { listHolds } from '../../src/store/list-holds.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { linesOf, recollected, STOPPED } from '../support/held-lines.ts';
import { foundInStaging } from '../support/limitation-tenant.ts';
import { changedRow, sampleTenant } from '../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../support/sync-rows.ts';

describe('Collecting subscriptions of the same version', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity: org, org });
  const found = () => foundInStaging(database.db, sameVersionRecollection, org);
  const collected = async () => {
    await sync(sampleTenant());
    await collectOrg(database, org);
    expect(await found()).toEqual([]);
  };

  test('stops the new form of a collected line that differs in a guarded field, and says in which', async () => {
    await collected();
    await sync(recollected());
    expect(await found()).toEqual([STOPPED]);
    const [hold, ...more] = await listHolds(database.db, { org, limitation: sameVersionRecollection.id });
    expect(more).toEqual([]);
    expect(hold).toMatchObject({ line: STOPPED, kind: 'limitation' });
    expect(hold?.message).toContain('came again in the same subscription version with other values');
    expect(hold?.message).toContain('Ordered Qty');
    expect(hold?.message).toContain('Ext Sell Price');
    expect(await linesOf(database, org).statuses()).toContain('SO:orig.1@1 collected');
    expect(await collectOrg(database, org)).toMatchObject({ lines: '0' });
  });

  test.each<[string, Rows]>([
    [
      'the same values at a later date',
      changedRow('RatePlanCharge', 'rpc1', { UpdatedDate: '2024-02-01T00:00:00Z' }),
    ],
    [
      'another value in a field that is not guarded',
      changedRow('RatePlanCharge', 'rpc1', { Name: 'Renamed', UpdatedDate: '2024-02-01T00:00:00Z' }),
    ],
    [
      'a new version with other values',
      {
        ...changedRow('Subscription', 'sub1', {
          Id: 'sub2',
          Version: '2',
          PreviousSubscriptionId: 'sub1',
          UpdatedDate: '2024-02-01T00:00:00Z',
        }),
        ...changedRow('RatePlan', 'rp1', { Id: 'rp2', SubscriptionId: 'sub2' }),
        ...changedRow('RatePlanCharge', 'rpc1', {
          Id: 'rpc2',
          Version: '2',
          SubscriptionId: 'sub2',
          RatePlanId: 'rp2',
          Quantity: '3',
          AmendedByOrderOn: '2024-02-01',
          UpdatedDate: '2024-02-01T00:00:00Z',
        }),
        ...changedRow('ChargeContractualValueAllCharges', 'ccv1', {
          Id: 'ccv2',
          RatePlanChargeId: 'rpc2',
          Amount: '1800.00',
        }),
      },
    ],
  ])('lets pass %s', async (_what, rows) => {
    await collected();
    await sync(rows);
    expect(await found()).toEqual([]);
  });

  test('lets pass other values of a line that is not collected yet', async () => {
    await sync(sampleTenant());
    await sync(recollected());
    expect(await found()).toEqual([]);
  });

  test('ends by itself when the values are as before, and by a release', async () => {
    await collected();
    await sync(recollected());
    await sync(recollected('2', '1200.00', '2024-02-02T00:00:00Z'));
    expect(await found()).toEqual([]);
    await sync(recollected('3', '1800.00', '2024-02-03T00:00:00Z'));
    expect(await found()).toEqual([STOPPED]);
    const decision = { org, reason: 'Agreed.', by: 'ann', request: randomUUID() };
    await releaseHold(database.db, { ...decision, lines: [STOPPED], as: 'correction' });
    expect(await found()).toEqual([]);
  });
});

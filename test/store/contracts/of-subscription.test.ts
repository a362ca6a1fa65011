import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { listContracts } from '../../../src/store/contracts.ts';
import { tenantOf } from '../../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { usedSetup } from '../../support/setups.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';

describe('the contracts of a subscription', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    const stories = (...ids: string[]) => tenantOf(ids.map((id) => ({ id, versions: [{ booked: '100' }] })));
    for (const org of ['by-subscription', 'by-customer']) {
      await syncRows(database, stories('a'), { entity: org, org });
      if (org === 'by-customer') {
        await usedSetup(database.db, 'grouping', {
          name: org,
          org,
          rules: [{ seq: 1, keys: ['Customer Number'] }],
        });
      }
      await collectOrg(database, org);
      await syncRows(database, stories('a', 'b'), { entity: org, org });
      await collectOrg(database, org);
    }
  });
  afterAll(() => database.close());

  const keys = async (subscription: string, org?: string) =>
    (await listContracts(database.db, { org, subscription }))
      .map((each) => `${each.org} ${each.key}`)
      .toSorted();

  test('are those that it is the key of', async () => {
    expect(await keys('S-a', 'by-subscription')).toEqual(['by-subscription S-a|1']);
  });

  test('are those of another key that its lines went into, too', async () => {
    expect(await keys('S-a', 'by-customer')).toEqual(['by-customer A-1']);
    expect(await keys('S-b', 'by-customer')).toEqual(['by-customer A-1']);
  });

  test('are those of every organisation when none is named, and none for an unknown one', async () => {
    expect(await keys('S-b')).toEqual(['by-customer A-1', 'by-subscription S-b|1']);
    expect(await keys('S-c')).toEqual([]);
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';

import { orgsWithout } from '../../../src/store/setups/orgs-without.ts';
import { ensureSeededSetups } from '../../../src/store/setups/seeded-setups.ts';
import { recordEntities } from '../../../src/store/tenancy.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
const entity = (name: string) => ({
  entity: name,
  org: name,
  billingId: `id-of-${name}`,
  entityName: name,
  displayName: name,
  parent: null,
  timezone: null,
  homeCurrency: 'USD',
});
beforeAll(async () => {
  database = await openTestDatabase();
  await recordEntities(database.db, [entity('emea'), entity('amer')]);
});
afterAll(() => database.close());

test('an organisation goes by its own default, else by the one for all', async () => {
  const { db } = database;
  expect(await orgsWithout(db, 'grouping')).toEqual(['amer', 'emea']);
  const own = {
    kind: 'grouping',
    name: 'ours',
    version: 1,
    org: 'emea',
    status: 'frozen',
    body: JSON.stringify({ rules: [] }),
    created_by: 'ann',
    changed_by: 'ann',
  } as const;
  await db.insertInto('revenue.setup').values(own).execute();
  await db.updateTable('revenue.setup').set({ status: 'default' }).execute();
  expect(await orgsWithout(db, 'grouping')).toEqual(['amer']);
  expect(await orgsWithout(db, 'validation')).toEqual(['amer', 'emea']);
  await ensureSeededSetups(db);
  expect(await orgsWithout(db, 'grouping')).toEqual([]);
});

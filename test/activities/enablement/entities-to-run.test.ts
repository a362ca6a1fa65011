import { afterAll, beforeAll, expect, test } from 'vitest';

import { entitiesToRun } from '../../../activities/enablement/entities-to-run.ts';
import { recordEntities } from '../../../src/store/tenancy.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { recordTenant } from '../../support/sync-rows.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await openTestDatabase()));
afterAll(() => database.close());

const names = async () => (await entitiesToRun(database.db)).map(({ entity }) => entity);
const billed = (entity: string) => ({
  entity,
  org: entity,
  billingId: `id-of-${entity}`,
  entityName: entity,
  displayName: entity,
  parent: null,
  timezone: null,
  homeCurrency: 'USD',
});

test('all entities that Billing lists are synced, and no more what was kept before it listed any', async () => {
  await recordTenant(database, 'acme');
  expect(await names()).toEqual(['acme']);
  await recordEntities(database.db, [billed('us'), billed('de')]);
  expect(await names()).toEqual(['de', 'us']);
});

import { afterAll, beforeAll, expect, test } from 'vitest';

import { newestRuns } from '../../src/store/newest-runs.ts';
import { abortRun } from '../../src/store/runs.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { sampleTenant } from '../support/sample-tenant.ts';
import { syncRows } from '../support/sync-rows.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await openTestDatabase()));
afterAll(() => database.close());

test('the newest run of an entity is completed, and over its standing window', async () => {
  const { db } = database;
  const { run: loading } = await syncRows(database, sampleTenant(), { complete: false });
  expect([...(await newestRuns(db))]).toEqual([]);
  await abortRun(db, loading, 'a test');
  await syncRows(database, sampleTenant());
  const { run } = await syncRows(database, sampleTenant());
  const { run: chosen } = await syncRows(database, sampleTenant());
  await db.updateTable('control.run').set({ moves_mark: false }).where('run', '=', chosen).execute();
  await syncRows(database, sampleTenant(), { entity: 'uk', complete: false });
  expect([...(await newestRuns(db))]).toEqual([['demo', run]]);
});

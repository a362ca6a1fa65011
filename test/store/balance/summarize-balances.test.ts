import { afterAll, beforeAll, expect, test } from 'vitest';

import { readBalance } from '../../../src/store/balance/read-balance.ts';
import { summarizeBalances } from '../../../src/store/balance/summarize-balances.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { syncRows } from '../../support/sync-rows.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await openTestDatabase()));
afterAll(() => database.close());

test('balances in few words say what each run formed, what is held, and whether it is equal', async () => {
  const { db } = database;
  const later = { UpdatedDate: '2024-02-02T00:00:00Z', SubscriptionId: 'gone' };
  const held = withChanged(sampleTenant(), 'InvoiceItem', 'item2', later);
  const { run } = await syncRows(database, held, { entity: 'de' });
  const { run: other } = await syncRows(database, sampleTenant(), { entity: 'us' });
  const whole = await readBalance(db, run);
  const rows = whole?.rows.filter(({ measure }) => measure === 'count') ?? [];
  const count = String(rows.reduce((sum, row) => sum + Number(row.held), 0));
  expect(Number(count)).toBeGreaterThan(0);
  expect(await summarizeBalances(db, [other, run])).toEqual([
    { entity: 'de', run, balanced: true, lines: whole?.lines, held: count },
    { entity: 'us', run: other, balanced: true, lines: (await readBalance(db, other))?.lines, held: '0' },
  ]);
  await db.updateTable('control.balance').set({ extracted: '999' }).where('run', '=', other).execute();
  expect(await summarizeBalances(db, [other])).toMatchObject([{ entity: 'us', balanced: false }]);
  expect(await summarizeBalances(db, [])).toEqual([]);
});

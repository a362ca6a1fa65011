import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { syncRows } from '../../support/sync-rows.ts';

describe('revsync hold', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const revsync = (...argv: string[]) => runCommand(argv, { DATABASE_URL: database.url });

  test('says so when nothing is held, else what is and why', async () => {
    await syncRows(database, sampleTenant());
    expect((await revsync('hold', 'list')).stdout).toBe('Nothing is held.\n');
    expect((await revsync('hold', 'list', '--json')).stdout).toBe('[]\n');

    const at = { UpdatedDate: '2024-02-01T00:00:00Z', SubscriptionId: 'gone' };
    await syncRows(database, withChanged(sampleTenant(), 'InvoiceItem', 'item1', at));
    const { json } = await revsync('hold', 'list', '--json', '--kind', 'orphan');
    expect(json()).toMatchObject([{ line: 'INV:item1', limitation: 'orphan-subscription' }]);
    expect((await revsync('hold', 'list')).stdout).toMatch(/orphan-subscription .*INV:item1/);
    expect((await revsync('hold', 'list', '--hold', 'orphan-account', '--json')).json()).toEqual([]);
  });

  test('refuses an --after that is no id of a hold', async () => {
    const { exit, json } = await revsync('hold', 'list', '--after', 'INV:item1', '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code: 'USAGE' } }]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';
import { changedRow, sampleTenant } from '../../support/sample-tenant.ts';
import { syncRows } from '../../support/sync-rows.ts';

describe('revsync finding', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const revsync = (...argv: string[]) => runCommand(argv, { DATABASE_URL: database.url });

  test('says so when nothing was found, else what was, with the amount', async () => {
    await syncRows(database, sampleTenant());
    expect((await revsync('finding', 'list')).stdout).toBe('Nothing was found.\n');
    expect((await revsync('finding', 'list', '--json')).stdout).toBe('[]\n');

    await syncRows(database, changedRow('InvoiceItem', 'item1', { Deleted: 'true' }));
    const { json, exit } = await revsync('finding', 'list', '--json', '--finding', 'deleted-in-billing');
    expect(exit).toBe(0);
    expect(json()).toMatchObject([
      { object: 'InvoiceItem', source: 'item1', line: 'INV:item1', amount: '100.00' },
    ]);
    expect((await revsync('finding', 'list')).stdout).toMatch(/deleted-in-billing .*100\.00 USD .*INV:item1/);
    expect((await revsync('finding', 'list', '--line', 'INV:item2', '--json')).json()).toEqual([]);
  });

  test('shows a resolved finding with its day, and leaves it out on demand', async () => {
    const back = { Deleted: null, UpdatedDate: '2024-01-21T00:00:00Z' };
    await syncRows(database, changedRow('InvoiceItem', 'item1', back));
    const [finding] = (await revsync('finding', 'list', '--json')).json() as { resolved: string }[];
    expect(finding?.resolved).toMatch(/^\d{4}-/);
    expect((await revsync('finding', 'list')).stdout).toContain(` ${finding?.resolved.slice(0, 10)} `);
    expect((await revsync('finding', 'list', '--open', '--json')).json()).toEqual([]);
  });

  test('a superseded line is listed and shown with that status, and holds nothing', async () => {
    const gone = { Deleted: 'true', UpdatedDate: '2024-01-22T00:00:00Z' };
    await syncRows(database, changedRow('InvoiceItem', 'item1', gone));
    const listed = (await revsync('line', 'list', '--status', 'superseded', '--json')).json();
    expect(listed).toMatchObject([{ id: 'INV:item1', status: 'superseded', holds: [] }]);
    const { json } = await revsync('line', 'show', 'INV:item1', '--json');
    expect(json()).toMatchObject({ status: 'superseded', fields: { 'Ext Sell Price': '100.00' } });
  });

  test('refuses an --after that is no id of a finding, and an organisation that is not there', async () => {
    const { exit, json } = await revsync('finding', 'list', '--after', 'INV:item1', '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code: 'USAGE' } }]);
    const other = await revsync('finding', 'list', '--org', 'nowhere', '--json');
    expect([other.exit, other.json()]).toMatchObject([2, { error: { code: 'ORGANIZATION_UNKNOWN' } }]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';

describe('revsync line', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await syncRows(database, sampleTenant());
    await collectOrg(database);
  });
  afterAll(() => database.close());

  const revsync = (...argv: string[]) => runCommand(argv, { DATABASE_URL: database.url });

  test('lists lines as a bare array, or as a table that fits', async () => {
    const { exit, json } = await revsync('line', 'list', '--json', '--entity', 'Acme', '--limit', '2');
    expect([exit, json()]).toMatchObject([0, [{ id: 'INV:item1' }, { id: 'INV:item2', holds: [] }]]);

    const { stdout } = await revsync('line', 'list');
    expect(stdout.split('\n')[0]).toMatch(/^status +subscription +amount +currency +holds +id$/);
    expect(stdout).toMatch(/collected +S-1 +1200\.00 +USD +SO:orig\.1@1/);
    expect((await revsync('line', 'list', '--status', 'held')).stdout).toContain('No line matches');
  });

  test('shows a line with the way of its fields', async () => {
    const { json } = await revsync('line', 'show', 'INV:item1', '--json');
    expect(json()).toMatchObject({
      fields: { 'Ext Sell Price': '100.00' },
      lineage: {
        templateVersion: 1,
        fields: { 'Ext Sell Price': { row: '32', object: 'InvoiceItem', id: 'item1' } },
      },
    });
    const { stdout } = await revsync('line', 'show', 'INV:item1');
    expect(stdout).toContain('INV:item1 is collected.');
    expect(stdout).toMatch(/Invoice Owner +Payer +27 +Subscription\.InvoiceOwner\.Name/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test('explains a line in plain words', async () => {
    const { exit, json } = await revsync('line', 'explain', 'INV:item1', '--json');
    expect([exit, json()]).toMatchObject([
      0,
      {
        status: 'collected',
        amount: '100.00',
        contract: expect.stringMatching(/^RC-/),
        rules: [],
        releases: [],
      },
    ]);
    const { stdout } = await revsync('line', 'explain', 'INV:item1');
    expect(stdout).toMatch(
      /^INV:item1 is collected\.\nINV line of 100.00 USD, subscription S-1, from InvoiceItem item1\./,
    );
    expect(stdout).toContain('The line was collected into contract RC-');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test.each([
    [['line', 'show', 'INV:none'], 'LINE_UNKNOWN'],
    [['line', 'explain', 'INV:none'], 'LINE_UNKNOWN'],
    [['line', 'list', '--limit', 'all'], 'USAGE'],
    [['line', 'list', '--status', 'lost'], 'USAGE'],
    [['line', 'list', '--org', 'nowhere'], 'ORGANIZATION_UNKNOWN'],
    [['line', 'list', '--entity', 'nobody'], 'ENTITY_UNKNOWN'],
  ])('%j ends with 2 and %s', async (argv, code) => {
    const { exit, json } = await revsync(...argv, '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code, remedy: expect.any(String) } }]);
  });
});

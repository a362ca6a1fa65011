import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';

describe('revsync contract', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const revsync = (...argv: string[]) => runCommand(argv, { DATABASE_URL: database.url });

  test('says how contracts come about while there are none', async () => {
    const { exit, stdout } = await revsync('contract', 'list');
    expect(exit).toBe(0);
    expect(stdout).toContain('revsync collect run');
  });

  test('lists the contracts, and shows one with all that is in it', async () => {
    await syncRows(database, sampleTenant());
    await collectOrg(database);
    const list = (await revsync('contract', 'list', '--json')).json() as { id: string }[];
    expect(list).toMatchObject([{ key: 'S-1|1', bookings: '1200.00', billings: '200.00' }]);

    const id = list[0]?.id ?? '';
    expect((await revsync('contract', 'show', id, '--json')).json()).toMatchObject({ id, lines: 3 });
    const { stdout } = await revsync('contract', 'show', id);
    expect(stdout).toContain('Booked 1200.00 USD, billed 200.00 USD.');
    expect(stdout).toMatch(/1200\.00 +200\.00 +USD +SO:orig\.1@1/);
    expect((await revsync('contract', 'list')).stdout).toMatch(/S-1\|1 +1 +1200\.00 +200\.00 +USD/);
  });

  test('an unknown contract ends with 2', async () => {
    const { exit, json } = await revsync('contract', 'show', 'RC-000000000000', '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code: 'CONTRACT_UNKNOWN' } }]);
  });
});

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { syncRows } from '../../support/sync-rows.ts';

describe('revsync run', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const revsync = (...argv: string[]) => runCommand(argv, { DATABASE_URL: database.url });

  test('lists the runs, and says how to start one while there are none', async () => {
    expect((await revsync('run', 'list')).stdout).toContain('revsync sync run');
    await syncRows(database, sampleTenant());
    expect((await revsync('run', 'list', '--json')).json()).toMatchObject([
      { run: '1', entity: 'demo', state: 'completed', window: { from: null }, balanced: true },
    ]);
    expect((await revsync('run', 'list', '--entity', 'demo')).stdout).toMatch(
      /demo +completed +completed +the beginning +2024-02-15T00:00 +equal +test\/demo/,
    );
  });

  test('says of a loop how often it had nothing to do, and since when', async () => {
    await sql`update control.run set outcome = 'nothing-to-do', idle_runs = 117, idle_since = '2024-02-14T08:30:10Z'`.execute(
      database.db,
    );
    expect((await revsync('run', 'list')).stdout).toContain(
      'nothing to do, 118 times since 2024-02-14T08:30',
    );
    expect((await revsync('run', 'list', '--json')).json()).toMatchObject([
      { outcome: 'nothing-to-do', idleRuns: 117, idleSince: '2024-02-14T08:30:10.000000Z' },
    ]);
  });
});

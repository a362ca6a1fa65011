import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { planChunks } from '../../../src/store/settlement/chunks.ts';
import { keepProof } from '../../../src/store/settlement/proof.ts';
import { openSwitch, switchOver } from '../../../src/store/settlement/switch-over.ts';
import { rememberInvoiceSettlement } from '../../../src/store/tenancy.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';
import { recordTenant } from '../../support/sync-rows.ts';

const AT = '2025-08-01T12:00:00Z';

describe('revsync backfill', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const revsync = (...argv: string[]) => runCommand(argv, { DATABASE_URL: database.url });

  test('list says that there is nothing before the first sync', async () => {
    expect((await revsync('backfill', 'list')).stdout).toContain('a first `sync run`');
    expect((await revsync('backfill', 'list', '--json')).stdout).toBe('[]\n');
  });

  test('list shows switch date, chunks and proof of each entity', async () => {
    const { db } = database;
    await recordTenant(database, 'east', 'east');
    await recordTenant(database, 'west', 'west');
    await rememberInvoiceSettlement(db, 'east', false, AT);
    await switchOver(db, { entity: 'east', switchDate: '2025-07-01', at: AT });
    await openSwitch(db, 'east');
    await planChunks(db, 'east', AT, [{ kind: 'history', from: null, to: AT }]);
    const rows = [{ currency: 'USD', status: 'Posted', count: '2', amount: '10' }];
    await keepProof(db, 'east', [{ object: 'CreditMemo', groups: ['Currency', 'Status'], rows }]);

    const { exit, json } = await revsync('backfill', 'list', '--json');
    expect(exit).toBe(0);
    expect(json()).toMatchObject([
      {
        entity: 'east',
        state: 'open',
        switchDate: '2025-07-01',
        chunks: [{ chunk: 1, kind: 'history', window: { from: null }, state: 'planned', run: null }],
        proof: [{ object: 'CreditMemo', currency: 'USD', billing: { count: '2' }, equal: false }],
      },
      { entity: 'west', state: 'before', switchDate: null, chunks: [], proof: [] },
    ]);
    const { stdout } = await revsync('backfill', 'list', '--entity', 'east');
    expect(stdout).toMatch(
      /east +open +2025-07-01 +0 of 1 chunks, 0 memos .*2 over 10 in Billing, 0 over 0 here/,
    );
    expect(stdout).not.toContain('west');
  });

  test.each([
    ['--switch-date', 'yesterday'],
    ['--switch-date', '2025-02-30'],
    ['--chunk', 'day'],
  ])('run refuses %s %s before anything is started', async (...flags) => {
    const { exit, json } = await revsync('backfill', 'run', ...flags, '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code: 'USAGE' } }]);
  });
});

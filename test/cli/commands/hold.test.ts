import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';
import { linesOf, recollected, STOPPED } from '../../support/held-lines.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';

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

  describe('release and reject', () => {
    const lines = () => linesOf(database, 'decided');
    const decide = (...argv: string[]) => revsync('hold', ...argv, '--org', 'decided', '--no-collect');
    beforeAll(async () => {
      const options = { entity: 'decided', org: 'decided' };
      await syncRows(database, sampleTenant(), options);
      await collectOrg(database, 'decided');
      await syncRows(database, recollected('2'), options);
    });

    test.each([
      [['release', '--line', STOPPED, '--reason', 'r'], 'USAGE', /--as/],
      [['release', '--line', STOPPED, '--as', 'correction'], 'USAGE', /--reason/],
      [['release', '--as', 'correction', '--reason', 'r'], 'USAGE', /needs lines or a filter/],
      [['release', '--line', STOPPED, '--as', 'rejected', '--reason', 'r'], 'USAGE', /as/],
      [['release', '--line', 'INV:gone', '--as', 'correction', '--reason', 'r'], 'LINE_UNKNOWN', /INV:gone/],
      [
        ['release', '--line', STOPPED, '--as', 'standalone', '--reason', 'r'],
        'RELEASE_REFUSED',
        /correction or/,
      ],
      [['reject', '--line', STOPPED, '--reason', ' '], 'USAGE', /^--reason is blank\.$/],
      [['reject', '--line', STOPPED, '--reason', 'r', '--by', ''], 'USAGE', /^--by is blank\.$/],
      [['reject', '--line', STOPPED, '--reason', 'r\u0007'], 'USAGE', /control character U\+0007/],
      [['reject', '--hold', 'orphan-account', '--reason', 'r'], 'NOTHING_HELD', /No held line/],
      [['reject', '--line', STOPPED, '--entity', 'nowhere', '--reason', 'r'], 'ENTITY_UNKNOWN', /nowhere/],
    ])('%j end with 2 and %s', async (argv, code, message) => {
      const { exit, json } = await decide(...argv, '--json');
      expect([exit, json()]).toMatchObject([2, { error: { code, message: expect.stringMatching(message) } }]);
      expect(await lines().holds()).toEqual([`${STOPPED} same-version-recollection`]);
    });

    test('list only the holds of a line, a type or a subscription', async () => {
      const listed = async (...argv: string[]) =>
        (await revsync('hold', 'list', '--org', 'decided', '--json', ...argv)).json();
      for (const argv of [
        ['--line', STOPPED],
        ['--type', 'SO'],
        ['--subscription', 'S-1'],
      ]) {
        expect(await listed(...argv)).toMatchObject([{ line: STOPPED }]);
      }
      for (const argv of [
        ['--line', 'INV:item1'],
        ['--type', 'INV'],
        ['--subscription', 'S-2'],
      ]) {
        expect(await listed(...argv)).toEqual([]);
      }
    });

    test('keep a decision without collecting, by line or by filter, and say what comes next', async () => {
      const rejected = await decide(
        'reject',
        '--hold',
        'same-version-recollection',
        '--reason',
        'Twice.',
        '--json',
      );
      expect([rejected.exit, rejected.json()]).toEqual([
        0,
        { org: 'decided', as: 'rejected', decided: '1', lines: [STOPPED], collection: null, message: null },
      ]);
      const released = await revsync(
        'line',
        'release',
        STOPPED,
        '--as',
        'amendment',
        '--reason',
        'After all.',
        '--by',
        'ann',
        '--org',
        'decided',
        '--no-collect',
      );
      expect(released.stdout).toBe(
        `Released as amendment: ${STOPPED}.\nThe next collection acts on it (\`revsync collect run\`).\n`,
      );
      expect(await lines().decisions()).toMatchObject([
        { kind: 'reject-line', reason: 'Twice.' },
        { kind: 'release-line', reason: 'After all.', by: 'ann' },
      ]);
      const { stdout } = await revsync('line', 'show', STOPPED, '--org', 'decided');
      expect(stdout).toMatch(/Rejected by .*: Twice\.\n\nReleased as amendment by ann on .*: After all\./);
    });
  });
});

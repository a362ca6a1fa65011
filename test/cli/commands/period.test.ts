import { userInfo } from 'node:os';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';
import { recordTenant } from '../../support/sync-rows.ts';

describe('revsync period', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordTenant(database);
  });
  afterAll(() => database.close());

  const revsync = (...argv: string[]) => runCommand(argv, { DATABASE_URL: database.url });

  test('opens a period of the only organisation, closes the one before, and keeps who decided why', async () => {
    expect((await revsync('period', 'list')).stdout).toContain('No period has been opened');
    const first = await revsync('period', 'open', '2024-01', '--by', 'ann', '--reason', 'Go-live', '--json');
    expect([first.exit, first.json()]).toEqual([0, { org: 'default', period: '2024-01', status: 'open' }]);
    await revsync('period', 'open', '2024-02');
    expect((await revsync('period', 'list', '--json')).json()).toEqual([
      { org: 'default', period: '2024-01', status: 'closed' },
      { org: 'default', period: '2024-02', status: 'open' },
    ]);
    const decisions = await database.db
      .selectFrom('control.decision')
      .select(['subject', 'decided_by', 'reason'])
      .orderBy('decision')
      .execute();
    expect(decisions).toEqual([
      { subject: '2024-01', decided_by: 'ann', reason: 'Go-live' },
      { subject: '2024-02', decided_by: userInfo().username, reason: 'Opened by command.' },
    ]);
  });

  test.each([
    [['2024-13'], 'USAGE'],
    [['January'], 'USAGE'],
    [['2024-03', '--reason', ''], 'USAGE'],
    [['2024-03', '--by', ' '], 'USAGE'],
    [['2023-12'], 'PERIOD_ALREADY_CLOSED'],
    [['2024-03', '--org', 'nowhere'], 'ORGANIZATION_UNKNOWN'],
  ])('period open %j ends with 2 and %s', async (argv, code) => {
    const { exit, json } = await revsync('period', 'open', ...argv, '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code } }]);
  });

  test('closes a period in two steps, and takes the first one back', async () => {
    expect((await revsync('period', 'pending-close')).stdout).toBe(
      'Period 2024-02 of default is pending-close. Nothing is collected until the close is cancelled (--cancel) or another period opens.\n',
    );
    const back = await revsync('period', 'pending-close', '2024-02', '--cancel', '--json');
    expect([back.exit, back.json()]).toEqual([0, { org: 'default', period: '2024-02', status: 'open' }]);
    expect((await revsync('period', 'close', '--by', 'ann')).stdout).toContain(
      'is closed. Nothing is collected',
    );
    expect((await revsync('period', 'list')).stdout).toMatch(/2024-02 +closed +\d{4}-\d\d-\d\d +ann/);

    const none = await revsync('period', 'close', '--json');
    expect([none.exit, none.json()]).toMatchObject([2, { error: { code: 'PERIOD_NOT_OPEN' } }]);
    const again = await revsync('period', 'open', '2024-02', '--json');
    expect([again.exit, again.json()]).toMatchObject([2, { error: { code: 'PERIOD_ALREADY_CLOSED' } }]);
    await revsync('period', 'open', '2024-03');
  });

  test('of several organisations, one has to be named', async () => {
    await recordTenant(database, 'north', 'north');
    const { exit, json } = await revsync('period', 'open', '2024-03', '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code: 'ORGANIZATION_NEEDED' } }]);
    expect((await revsync('period', 'open', '2024-03', '--org', 'north')).stdout).toBe(
      'Period 2024-03 of north is open.\n',
    );
  });
});

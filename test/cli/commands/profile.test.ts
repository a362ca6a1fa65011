import { userInfo } from 'node:os';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';
import { recordTenant } from '../../support/sync-rows.ts';

describe('revsync profile', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordTenant(database);
  });
  afterAll(() => database.close());

  const revsync = (...argv: string[]) => runCommand(['profile', ...argv], { DATABASE_URL: database.url });

  test('lists what is set from the start', async () => {
    expect((await revsync('list', '--json')).json()).toEqual([
      {
        kind: 'lookup',
        name: 'AUTO_REVENUE_SYNC',
        code: 'Auto_Collect',
        value: 'Y',
        changedAt: expect.stringMatching(/^\d{4}-/),
        changedBy: 'revsync',
        byHand: false,
      },
    ]);
    expect((await revsync('list', '--history')).stdout).toBe('Nothing was ever set.\n');
  });

  test('sets profiles and lookups, with before and after, who and why', async () => {
    const first = await revsync(
      'set',
      'REPORTING_CURRENCY',
      'EUR',
      '--by',
      'ann',
      '--reason',
      'IFRS',
      '--json',
    );
    expect([first.exit, first.json()]).toEqual([
      0,
      { kind: 'profile', name: 'REPORTING_CURRENCY', code: null, before: null, after: 'EUR' },
    ]);
    const second = await revsync('set', 'AUTO_REVENUE_SYNC', 'N', '--code', 'Auto_Collect');
    expect(second.stdout).toBe(
      'AUTO_REVENUE_SYNC Auto_Collect is N (was Y). The settings sync leaves it alone.\n',
    );
    const { json } = await revsync('list', '--history', '--json');
    expect(json()).toMatchObject([
      { kind: 'profile', before: null, after: 'EUR', changedBy: 'ann', reason: 'IFRS' },
      { kind: 'lookup', code: 'Auto_Collect', before: 'Y', after: 'N', changedBy: userInfo().username },
    ]);
    expect((await revsync('list')).stdout).toMatch(
      /REPORTING_CURRENCY +EUR +\d{4}-\d\d-\d\d +ann +The currency/,
    );
  });

  test('fills a lookup of the tenant’s own, which validation rules look into', async () => {
    const refused = await revsync('set', 'SALES_REGIONS', 'Europe', '--code', 'EMEA', '--json');
    expect([refused.exit, refused.json()]).toMatchObject([2, { error: { code: 'LOOKUP_UNKNOWN' } }]);
    expect((await revsync('set', 'SALES_REGIONS', 'Europe', '--code', 'EMEA', '--new')).exit).toBe(0);
    expect((await revsync('set', 'SALES_REGIONS', 'Asia', '--code', 'APAC')).exit).toBe(0);
  });

  test.each([
    [['KS_ENABLE_ZBILL_EXCHG_RAT', 'Y'], 'PROFILE_UNKNOWN', 'Did you mean KS_ENABLE_ZBILL_EXCHG_RATE?'],
    [['KS_ENABLE_ZBILL_EXCHG_RATE', 'maybe'], 'PROFILE_VALUE_REFUSED', 'Y or N'],
    [['AUTO_REVENUE_SYNC', 'Y'], 'PROFILE_UNKNOWN', 'AUTO_REVENUESYNC'],
    [['AUTO_REVENUE_SYNC', '0', '--code', 'RevenueSync_Duration'], 'PROFILE_VALUE_REFUSED', 'seconds'],
    [["X'; drop table control.profile; --", 'Y', '--code', "' or true --"], 'LOOKUP_UNKNOWN', ''],
    [['RPRO_KS_ZUORA_ENTITIES', 'x', '--code', 'demo'], 'LOOKUP_FOLLOWS_MAPPING', 'Map the entity'],
    [['RETAIN_SO', 'Yes', '--reason', ' '], 'USAGE', ''],
  ])('set %j ends with 2 and %s', async (argv, code, remedy) => {
    const { exit, json } = await revsync('set', ...argv, '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code, remedy: expect.stringContaining(remedy) } }]);
  });
});

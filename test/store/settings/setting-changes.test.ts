import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { listProfiles, profileValue, setByHand } from '../../../src/store/profiles.ts';
import {
  alone,
  changesOf,
  listSettingChanges,
  noteChanges,
} from '../../../src/store/settings/setting-changes.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openReader } from '../../support/reader.ts';
import { recordTenant } from '../../support/sync-rows.ts';

const change = (name: string, org: string | null) => ({
  kind: 'lookup' as const,
  name,
  code: 'a1',
  entity: org,
  org,
  before: null,
  after: 'x',
  reason: 'a test',
});

describe('setting changes', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test('are kept for good: the worker can neither change nor delete them', async () => {
    await noteChanges(database.db, [change('FIRST', null)], { by: 'sync', workflowRun: 'run-1' });
    for (const statement of [
      'update control.setting_change set after = null',
      'delete from control.setting_change',
      'truncate control.setting_change',
    ]) {
      await expect(database.pool.query(statement)).rejects.toThrow(/permission denied/);
    }
    expect(await changesOf(database.db, 'run-1')).toMatchObject([{ name: 'FIRST', after: 'x' }]);
    expect(await changesOf(database.db, 'run-2')).toEqual([]);
  });

  test('of an organisation are seen by its people only, those of none by everybody', async () => {
    await recordTenant(database, 'north', 'north');
    await recordTenant(database, 'south', 'south');
    const about = [change('NORTH', 'north'), change('SOUTH', 'south')];
    await noteChanges(database.db, about, { by: 'sync', workflowRun: 'run-3' });
    for (const role of ['revsync_reader', 'revsync_operator'] as const) {
      const reader = await openReader(database, ['north'], role);
      try {
        const names = (await listSettingChanges(reader.db)).map(({ name }) => name);
        expect(names).toEqual(['FIRST', 'NORTH']);
      } finally {
        await reader.close();
      }
    }
  });

  test('are written by one after the other', async () => {
    const order: string[] = [];
    const waiters = async (): Promise<number> => {
      const { rows } = await database.pool.query(
        `select from pg_locks where locktype = 'advisory' and not granted
          and database = (select oid from pg_database where datname = current_database())`,
      );
      return rows.length;
    };
    let second: Promise<void> | undefined;
    await alone(database.db, async () => {
      second = alone(database.db, async () => void order.push('second'));
      while (order.length === 0 && (await waiters()) === 0);
      order.push('first');
    });
    await second;
    expect(order).toEqual(['first', 'second']);
  });
});

describe('setByHand', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const set = (value: string, by = 'ann', code: string | null = null, name = 'REPORTING_CURRENCY') =>
    setByHand(database.db, { name, code, value, by, reason: 'a test' });
  const standing = async (name = 'REPORTING_CURRENCY') =>
    (await listProfiles(database.db)).filter((each) => each.name === name);

  test('sets a profile, and notes what it was, who did it and why', async () => {
    expect(await set('USD')).toBeNull();
    expect(await set('EUR', 'bob')).toBe('USD');
    expect(await profileValue(database.db, 'REPORTING_CURRENCY')).toBe('EUR');
    expect(await standing()).toMatchObject([
      { kind: 'profile', code: null, value: 'EUR', changedBy: 'bob', byHand: true },
    ]);
    expect(await listSettingChanges(database.db)).toMatchObject([
      { kind: 'profile', before: null, after: 'USD', changedBy: 'ann', reason: 'a test' },
      { kind: 'profile', before: 'USD', after: 'EUR', changedBy: 'bob' },
    ]);
  });

  test('leaves the time of the last change where the value is the same: nothing has to be formed again', async () => {
    const [before] = await standing();
    await set('EUR', 'cleo');
    expect(await standing()).toEqual([{ ...before, changedBy: 'cleo' }]);
    await set('JPY', 'cleo');
    expect((await standing())[0]?.changedAt).not.toBe(before?.changedAt);
  });

  test('sets a code of a lookup beside others', async () => {
    expect(await set('N', 'ann', 'Auto_Collect', 'AUTO_REVENUE_SYNC')).toBe('Y');
    expect(await set('60', 'ann', 'RevenueSync_Duration', 'AUTO_REVENUE_SYNC')).toBeNull();
    expect((await standing('AUTO_REVENUE_SYNC')).map(({ code, value }) => [code, value])).toEqual([
      ['Auto_Collect', 'N'],
      ['RevenueSync_Duration', '60'],
    ]);
  });

  test('is not for readers and operators', async () => {
    await recordTenant(database);
    for (const role of ['revsync_reader', 'revsync_operator'] as const) {
      const reader = await openReader(database, ['default'], role);
      try {
        const { db } = reader;
        await expect(
          setByHand(db, { name: 'RETAIN_SO', code: null, value: 'No', by: 'eve', reason: 'a test' }),
        ).rejects.toThrow(/permission denied/);
        expect((await listProfiles(db)).length).toBeGreaterThan(0);
      } finally {
        await reader.close();
      }
    }
  });
});

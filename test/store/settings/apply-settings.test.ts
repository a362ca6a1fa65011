import { sql } from 'kysely';
import { afterAll, beforeEach, afterEach, describe, expect, test } from 'vitest';

import type { WantedSetting } from '../../../src/domain/settings/settings-wanted.ts';
import { lookupValue } from '../../../src/store/lookups.ts';
import { listProfiles, profileValue, setByHand } from '../../../src/store/profiles.ts';
import { applySettings, keptSettings } from '../../../src/store/settings/apply-settings.ts';
import { alone, changesOf } from '../../../src/store/settings/setting-changes.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openReader } from '../../support/reader.ts';
import { recordTenant } from '../../support/sync-rows.ts';
import { waitingFor } from '../../support/waiting-for.ts';

const profile = (name: string, value: string, changed: Partial<WantedSetting> = {}): WantedSetting => ({
  kind: 'profile',
  name,
  code: null,
  value,
  entity: null,
  org: null,
  ifAbsent: false,
  reason: 'a test',
  ...changed,
});
const mapped = (code: string, org: string): WantedSetting =>
  profile('RPRO_KS_ZUORA_ENTITIES', org, { kind: 'lookup', code, entity: org, org });

describe('applySettings', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());
  afterAll(() => undefined);

  let runs = 0;
  /** What one more run of the sync changed and kept. */
  const apply = async (...wanted: WantedSetting[]) => {
    runs += 1;
    const workflowRun = `run-${runs}`;
    const kept = await applySettings(database.db, async () => wanted, {
      by: 'settings-sync/demo',
      workflowRun,
    });
    return { kept, changes: await changesOf(database.db, workflowRun) };
  };

  test('writes what is not so, with what was before, and a second time nothing', async () => {
    const first = await apply(profile('RETAIN_SO', 'Yes'), mapped('a1', 'north'));
    expect(first.changes).toEqual([
      { kind: 'profile', name: 'RETAIN_SO', code: null, entity: null, before: null, after: 'Yes' },
      {
        kind: 'lookup',
        name: 'RPRO_KS_ZUORA_ENTITIES',
        code: 'a1',
        entity: 'north',
        before: null,
        after: 'north',
      },
    ]);
    const standing = await listProfiles(database.db);
    expect((await apply(profile('RETAIN_SO', 'Yes'), mapped('a1', 'north'))).changes).toEqual([]);
    expect(await listProfiles(database.db)).toEqual(standing);
    expect((await apply(profile('RETAIN_SO', 'No'), mapped('a1', 'north'))).changes).toMatchObject([
      { name: 'RETAIN_SO', before: 'Yes', after: 'No' },
    ]);
    expect(await lookupValue(database.db, 'RPRO_KS_ZUORA_ENTITIES', 'a1')).toBe('north');
  });

  test('leaves alone what a person set, and says who did and what it would be', async () => {
    const by = { by: 'ann', reason: 'a test' };
    await setByHand(database.db, { name: 'RETAIN_SO', code: null, value: 'No', ...by });
    await setByHand(database.db, {
      name: 'AUTO_REVENUE_SYNC',
      code: 'RevenueSync_Duration',
      value: '9',
      ...by,
    });
    const duration = profile('AUTO_REVENUE_SYNC', '30', { kind: 'lookup', code: 'RevenueSync_Duration' });
    const { kept, changes } = await apply(profile('RETAIN_SO', 'Yes'), duration);
    expect(changes).toEqual([]);
    expect(kept).toMatchObject([
      { kind: 'profile', name: 'RETAIN_SO', value: 'No', setBy: 'ann', wouldBe: 'Yes' },
      {
        kind: 'lookup',
        name: 'AUTO_REVENUE_SYNC',
        code: 'RevenueSync_Duration',
        value: '9',
        wouldBe: '30',
      },
    ]);
    expect(await keptSettings(database.db, [profile('RETAIN_SO', 'Yes'), duration])).toEqual(kept);
    expect(await profileValue(database.db, 'RETAIN_SO')).toBe('No');
    expect((await apply(profile('RETAIN_SO', 'No'))).kept).toEqual([]);
    expect(await keptSettings(database.db, [profile('RETAIN_SO', 'No')])).toEqual([]);
  });

  test('sets a default only where there is nothing at all', async () => {
    const standard = profile('BILLING_EXCHANGE_RATE_DATE', 'Latest Rate Available', { ifAbsent: true });
    await apply(profile('BILLING_EXCHANGE_RATE_DATE', 'Rate On Specified Date'));
    expect(await apply(standard)).toEqual({ kept: [], changes: [] });
    expect(await profileValue(database.db, standard.name)).toBe('Rate On Specified Date');
  });

  test('moves a code with its entity to the other organisation, whose people alone see it', async () => {
    for (const org of ['north', 'south']) await recordTenant(database, org, org);
    const zone = (org: string): WantedSetting => ({ ...mapped('zone', org), value: 'UTC' });
    await apply(zone('north'));
    const moved = (await apply(zone('south'))).changes;
    expect(moved).toMatchObject([{ code: 'zone', before: null, after: 'UTC' }]);
    for (const [org, seen] of [
      ['north', []],
      ['south', ['zone']],
    ] as const) {
      const reader = await openReader(database, [org]);
      const codes = (await listProfiles(reader.db)).map(({ code }) => code);
      await reader.close();
      expect(codes.filter((code) => code === 'zone')).toEqual(seen);
      expect(codes).toContain('Auto_Collect');
    }
  });

  test.each([
    ['a run', () => apply(profile('RETAIN_SO', 'Yes'))],
    [
      'a person',
      () => setByHand(database.db, { name: 'RETAIN_SO', code: null, value: 'Yes', by: 'ann', reason: 'x' }),
    ],
  ])('dates what %s writes when it is written, not when the wait for others began', async (_who, write) => {
    await apply(profile('RETAIN_SO', 'No'));
    const writing = await alone(database.db, async (trx) => {
      const late = write();
      await waitingFor(database, 1);
      const { rows } = await sql<{ at: string }>`select clock_timestamp() as at`.execute(trx);
      return { late, released: rows[0]?.at ?? '' };
    });
    await writing.late;
    const { rows } = await sql<{ after: boolean }>`
      select changed_at > ${writing.released}::timestamptz as after from control.profile where name = 'RETAIN_SO'
      union all (
        select changed_at > ${writing.released}::timestamptz from control.setting_change order by change desc limit 1
      )`.execute(database.db);
    expect(rows).toEqual([{ after: true }, { after: true }]);
  });

  test('writes once what two runs want at the same moment', async () => {
    const [one, other] = await Promise.all([
      apply(profile('RETAIN_SO', 'Yes')),
      apply(profile('RETAIN_SO', 'Yes')),
    ]);
    expect([...one.changes, ...other.changes]).toHaveLength(1);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createStep10 } from '../../../activities/enablement/step-10-revenue-sync.ts';
import type { RevenueSyncAnswer } from '../../../src/domain/enablement/step-10-revenue-sync.ts';
import { listProfiles } from '../../../src/store/profiles.ts';
import { listSettingChanges } from '../../../src/store/settings/setting-changes.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { contextOf, ranWell, rememberingTemporal } from '../../support/enablement-runs.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { recordTenant, syncRows } from '../../support/sync-rows.ts';

const VERSION = { 1: { revenueVersion: '37.007.00.00' } };
const instantOn = { mode: 'instant-on', intervalSeconds: 60 } as const;

describe('step 10 with a database', () => {
  let database: TestDatabase;
  let run = '';
  const there = { id: 'revenue-sync/demo', when: '30 5 * * *, Europe/Berlin', paused: false };
  let { schedules } = rememberingTemporal();
  const step = () => createStep10({ db: database.db, schedules });
  const advance = (told: Parameters<typeof contextOf<RevenueSyncAnswer>>[1] = {}) =>
    step().advance(contextOf(10, { answers: VERSION, ...told }));
  const refusal = (answer: RevenueSyncAnswer, answers = {}) =>
    step().refusal?.(answer, contextOf(10, { answers }));
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordTenant(database);
    // Without accounts: a bare parent.
    await recordTenant(database, 'parent', 'group');
  });
  afterAll(() => database.close());

  test('asks, and proposes by the version of step 1', async () => {
    expect(await advance()).toMatchObject({
      kind: 'ask',
      value: { mode: 'instant-on', intervalSeconds: 30 },
    });
    expect(await advance({ answers: {} })).toMatchObject({ kind: 'ask', value: { mode: 'schedule' } });
  });

  test('refuses Instant On without the version it needs', async () => {
    expect(await refusal(instantOn)).toMatchObject({ value: { mode: 'schedule' } });
    expect(await refusal(instantOn, VERSION)).toBeNull();
  });

  test('runs every entity, those without accounts too, and configures nothing before', async () => {
    expect(await advance({ answer: instantOn })).toMatchObject({
      kind: 'work',
      work: [
        { id: 'revenue-sync/demo', input: { entity: 'demo', collect: false } },
        { id: 'revenue-sync/parent', input: { entity: 'parent', collect: false } },
      ],
    });
    expect(await listProfiles(database.db)).toMatchObject([{ name: 'AUTO_REVENUE_SYNC' }]);
  });

  test('shows the balances, and sets what Instant On goes by in the name of who answered', async () => {
    const { balance, run: done } = await syncRows(database, sampleTenant());
    run = done;
    const { run: other } = await syncRows(database, {}, { entity: 'parent', org: 'group' });
    const runs = [
      ranWell('revenueSync', 'revenue-sync/demo', { run }),
      ranWell('revenueSync', 'revenue-sync/parent', { run: other }),
    ];
    const turn = await advance({ answer: instantOn, runs });
    expect(turn).toMatchObject({
      kind: 'done',
      evidence: {
        mode: 'instant-on',
        settings: { AUTO_REVENUESYNC: 'Yes', RevenueSync_Duration: '60' },
        runs: [
          { entity: 'demo', run, balanced: true, lines: balance.lines, held: '0' },
          { entity: 'parent', run: other, balanced: true, lines: {}, held: '0' },
        ],
      },
    });
    const changes = await listSettingChanges(database.db);
    expect(changes).toMatchObject([
      {
        name: 'AUTO_REVENUESYNC',
        before: null,
        after: 'Yes',
        changedBy: 'ann',
        reason: 'enablement step 10',
      },
      { code: 'RevenueSync_Duration', after: '60', changedBy: 'ann' },
    ]);
    // Again, as after a crash: the same, and nothing is written.
    expect(await advance({ answer: instantOn, runs })).toEqual(turn);
    expect(await listSettingChanges(database.db)).toEqual(changes);
  });

  test('has no first run again when the mode is amended, and turns Instant On off', async () => {
    expect(await advance({ answer: { mode: 'schedule', cron: '0 5 * * *' } })).toMatchObject({
      kind: 'done',
      note: expect.stringContaining('starts no more runs') as unknown,
      evidence: { settings: { AUTO_REVENUESYNC: 'No' }, runs: [{ run }, { entity: 'parent' }] },
    });
    expect(await listSettingChanges(database.db)).toContainEqual(
      expect.objectContaining({ name: 'AUTO_REVENUESYNC', before: 'Yes', after: 'No' }),
    );
  });

  test.each([
    [{ mode: 'manual' }, 'Still there and active: revenue-sync/demo (30 5 * * *, Europe/Berlin)'],
    [instantOn, 'Still there and active: revenue-sync/demo (30 5 * * *, Europe/Berlin)'],
    [{ mode: 'schedule' }, 'There already, and stay as they are: revenue-sync/demo (30 5 * * *, Europe/'],
    [{ mode: 'schedule', cron: '0 6 * * *' }, 'and get these times then; those that are paused stay paused'],
  ] as const)('says with %j what becomes of schedules that are there', async (answer, says) => {
    ({ schedules } = rememberingTemporal([there]));
    expect(await advance({ answer })).toMatchObject({
      kind: 'done',
      note: expect.stringContaining(says) as unknown,
      evidence: { schedulesThere: [there] },
    });
  });
});

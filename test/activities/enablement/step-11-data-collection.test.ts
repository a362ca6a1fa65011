import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createStep11 } from '../../../activities/enablement/step-11-data-collection.ts';
import type { DataCollectionAnswer } from '../../../src/domain/enablement/step-11-data-collection.ts';
import { lookupValue } from '../../../src/store/lookups.ts';
import { profileValue, setByHand } from '../../../src/store/profiles.ts';
import { listSettingChanges } from '../../../src/store/settings/setting-changes.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { contextOf, ranWell, rememberingTemporal } from '../../support/enablement-runs.ts';
import { run } from '../../support/server-database.ts';
import { recordTenant } from '../../support/sync-rows.ts';

const ran = (org: string) =>
  ranWell('dataCollection', `data-collection/${org}`, {
    contracts: '2',
    collected: '5',
    waiting: '1',
    stopped: '0',
  });
const RUNS = [ran('amer'), ran('emea')];
const auto = { mode: 'auto-collect' } as const;
const INSTANT_ON = { 10: { mode: 'instant-on', intervalSeconds: 60 } };
const SCHEDULED = { 8: { schedule: 'daily' }, 10: { mode: 'schedule', cron: '15 5 * * *' } };

describe('step 11 with a database', () => {
  let database: TestDatabase;
  let temporal: ReturnType<typeof rememberingTemporal>;
  beforeEach(async () => {
    temporal = rememberingTemporal();
    database = await openTestDatabase();
    await recordTenant(database, 'us', 'amer');
    await recordTenant(database, 'de', 'emea');
    await recordTenant(database, 'uk', 'emea');
  });
  afterEach(() => database.close());
  const step = () => createStep11({ db: database.db, ...temporal });
  const advance = (told: Parameters<typeof contextOf<DataCollectionAnswer>>[1] = {}) =>
    step().advance(contextOf(11, told));
  const autoCollect = () => lookupValue(database.db, 'AUTO_REVENUE_SYNC', 'Auto_Collect');

  test('asks by what step 10 says, and refuses auto-collect without Instant On', async () => {
    expect(await advance({ answers: INSTANT_ON })).toMatchObject({ kind: 'ask', value: auto });
    expect(await advance({ answers: SCHEDULED })).toMatchObject({ kind: 'ask', value: { mode: 'schedule' } });
    const context = contextOf<DataCollectionAnswer>(11, { answers: SCHEDULED });
    expect(await step().refusal?.(auto, context)).toMatchObject({ value: { mode: 'schedule' } });
    expect(await step().refusal?.(auto, contextOf(11, { answers: INSTANT_ON }))).toBeNull();
  });

  test('does not begin while an organisation has no default grouping template', async () => {
    // What revsync made, a person may have taken back; nothing in revsync does it.
    const draft = "update revenue.setup set status = 'draft' where kind = 'grouping'";
    await run(database.url, `set session_replication_role = replica; ${draft}`);
    const failure = await advance({ answers: INSTANT_ON }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'GROUPING_TEMPLATE_MISSING',
      message: 'No grouping template is the default for amer and emea.',
      remedy: expect.stringContaining('revsync grouping default NAME') as unknown,
    });
  });

  test('collects each organisation once, and starts nothing before', async () => {
    const turn = await advance({ answer: auto, answers: INSTANT_ON, runs: [ran('amer')] });
    expect(turn).toMatchObject({
      kind: 'work',
      work: [{ id: 'data-collection/emea', input: { org: 'emea' } }],
    });
    expect(temporal.started).toEqual([]);
    expect(await autoCollect()).toBe('Y');
    expect(await listSettingChanges(database.db)).toEqual([]);
  });

  test('starts a loop for each entity with Instant On, each once, and no schedule', async () => {
    const told = { answer: auto, answers: INSTANT_ON, runs: RUNS };
    const turn = await advance(told);
    expect(turn).toMatchObject({
      kind: 'done',
      note: expect.stringContaining('10 lines are collected into 4 revenue contracts') as unknown,
      evidence: {
        collections: [{ org: 'amer', collected: '5' }, { org: 'emea' }],
        goesOn: [
          { id: 'instant-on/de', when: '60 seconds after each run, which ends with Data Collection' },
          { id: 'instant-on/uk' },
          { id: 'instant-on/us' },
        ],
      },
    });
    expect(temporal.started).toEqual(['de', 'uk', 'us']);
    expect(await profileValue(database.db, 'AUTO_REVENUESYNC')).toBe('Yes');
    const changes = await listSettingChanges(database.db);
    expect(await advance(told)).toEqual(turn);
    expect(temporal.started).toEqual(['de', 'uk', 'us']);
    expect(await listSettingChanges(database.db)).toEqual(changes);
    expect([...temporal.crons]).toEqual([]);
  });

  test('makes schedules by their own expressions, and turns Auto_Collect off', async () => {
    const answer = { mode: 'schedule', cron: '45 7 * * *' } as const;
    const turn = await advance({ answer, answers: SCHEDULED, runs: RUNS });
    expect([...temporal.crons]).toEqual([
      ['revenue-sync/de', '15 5 * * *'],
      ['revenue-sync/uk', '15 5 * * *'],
      ['revenue-sync/us', '15 5 * * *'],
      ['data-collection/emea', '45 7 * * *'],
      ['data-collection/amer', '45 7 * * *'],
    ]);
    expect(turn).toMatchObject({
      evidence: {
        goesOn: expect.arrayContaining([
          { id: 'data-collection/emea', when: 'made for 45 7 * * *' },
        ]) as unknown,
      },
    });
    expect(temporal.started).toEqual([]);
    expect(await autoCollect()).toBe('N');
    expect(await profileValue(database.db, 'AUTO_REVENUESYNC')).toBe('No');
  });

  test('says of schedules that were there what stands', async () => {
    const one = { id: 'revenue-sync/de', when: '0 1 * * *, UTC', paused: true };
    const other = { id: 'data-collection/emea', when: '0 2 * * 1, UTC', paused: false };
    const rates = { id: 'exchange-rate-sync/uk', when: '0 4 * * *, UTC', paused: false };
    temporal = rememberingTemporal([one, other, rates]);
    const scheduled = await advance({
      answer: { mode: 'schedule' },
      answers: { 10: SCHEDULED[10] },
      runs: RUNS,
    });
    const note = (says: string) => ({ note: expect.stringContaining(says) as unknown });
    const changed =
      'revenue-sync/de was there at 0 1 * * *, UTC, and has 15 5 * * *, UTC now; it stays paused.';
    expect(scheduled).toMatchObject(note(changed));
    expect(scheduled).toMatchObject(
      note('data-collection/emea was there already and stays at 0 2 * * 1, UTC.'),
    );
    expect(scheduled).toMatchObject(note('Still there and active: exchange-rate-sync/uk (0 4 * * *, UTC)'));
    expect(scheduled).toMatchObject({
      evidence: {
        goesOn: expect.arrayContaining([
          { id: one.id, when: changed },
          { id: rates.id, when: rates.when },
        ]) as unknown,
      },
    });

    const byHand = await advance({
      answer: { mode: 'manual' },
      answers: { 10: { mode: 'manual' } },
      runs: RUNS,
    });
    expect(byHand).toMatchObject(
      note(
        'Still there and active: exchange-rate-sync/uk (0 4 * * *, UTC), data-collection/emea (0 2 * * 1, UTC)',
      ),
    );
    expect(byHand).toMatchObject({
      evidence: {
        goesOn: [
          { id: rates.id, when: rates.when },
          { id: other.id, when: other.when },
        ],
      },
    });
  });

  test('starts nothing by itself where people do it by hand', async () => {
    await setByHand(database.db, {
      name: 'AUTO_REVENUESYNC',
      code: null,
      value: 'Yes',
      by: 'bob',
      reason: 'before',
    });
    const turn = await advance({
      answer: { mode: 'manual' },
      answers: { 10: { mode: 'manual' } },
      runs: RUNS,
    });
    expect(turn).toMatchObject({ kind: 'done', evidence: { goesOn: [] } });
    expect([...temporal.crons.keys(), ...temporal.started]).toEqual([]);
    expect(await profileValue(database.db, 'AUTO_REVENUESYNC')).toBe('No');
  });
});

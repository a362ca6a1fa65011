import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Mistake } from '../../../src/domain/mapping/checks/mistake.ts';
import type { Setup } from '../../../src/domain/setups/setup-file.ts';
import { defaultSetup } from '../../../src/store/setups/default-setup.ts';
import { loadSetup } from '../../../src/store/setups/load-setup.ts';
import { freezeSetup, makeDefaultSetup, recordSetupCheck } from '../../../src/store/setups/setup-states.ts';
import { findSetup, listSetups } from '../../../src/store/setups/setup-versions.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openReader } from '../../support/reader.ts';
import { run } from '../../support/server-database.ts';
import { frozenSetup, usedSetup } from '../../support/setups.ts';
import { recordTenant } from '../../support/sync-rows.ts';

const MISTAKE: Mistake = { path: 'name', message: 'It is wrong.', suggestion: 'Write another.' };
const RULES = [{ seq: 1, keys: ['Customer Number'], enabled: true }];

describe('a version of a set-up', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => run(database.url, 'truncate revenue.setup'));
  afterAll(() => database.close());

  const load = (change: Partial<Setup> = {}) =>
    loadSetup(database.db, {
      kind: 'grouping',
      setup: { name: 'Mine', org: null, body: { rules: RULES }, ...change },
      by: 'ann',
    });
  const frozen = (name: string, org?: string) =>
    frozenSetup(database.db, 'grouping', { name, rules: RULES, ...(org === undefined ? {} : { org }) });
  const used = (name: string, org?: string) =>
    usedSetup(database.db, 'grouping', { name, rules: RULES, ...(org === undefined ? {} : { org }) });
  const statusOf = async (name: string) => (await findSetup(database.db, { kind: 'grouping', name })).status;

  test('is the next of its name, unless it says the same as the newest', async () => {
    expect(await load()).toMatchObject({ loaded: { id: 'Mine@1', status: 'draft' }, unchanged: false });
    expect(await load()).toMatchObject({ loaded: { id: 'Mine@1' }, unchanged: true });
    expect(await load({ org: 'US' })).toMatchObject({
      loaded: { id: 'Mine@2', org: 'US' },
      unchanged: false,
    });
    expect(await load()).toMatchObject({ loaded: { id: 'Mine@3' }, unchanged: false });
  });

  test('of one kind has nothing to do with those of another', async () => {
    await load();
    const setup = { name: 'Mine', org: null, body: {} };
    const { loaded } = await loadSetup(database.db, { kind: 'validation', setup, by: 'ann' });
    expect(loaded.id).toBe('Mine@1');
    expect(await listSetups(database.db, 'grouping')).toHaveLength(1);
  });

  test('begins as a draft and keeps what a check found', async () => {
    const { loaded } = await load();
    const check = (mistakes: Mistake[]) => recordSetupCheck(database.db, { ...loaded, by: 'bob', mistakes });
    expect(await check([MISTAKE])).toMatchObject({ status: 'draft', mistakes: [MISTAKE] });
    expect(await check([])).toMatchObject({ status: 'checked', mistakes: [], changedBy: 'bob' });
    expect(await check([MISTAKE])).toMatchObject({ status: 'draft' });
  });

  test('is frozen only after a check without mistakes', async () => {
    const { loaded } = await load();
    const freeze = () => freezeSetup(database.db, { ...loaded, by: 'ann' });
    await expect(freeze()).rejects.toMatchObject({ code: 'SETUP_NOT_CHECKED' });
    await recordSetupCheck(database.db, { ...loaded, by: 'ann', mistakes: [] });
    expect(await freeze()).toMatchObject({ status: 'frozen' });
    expect(await freeze()).toMatchObject({ status: 'frozen' });
    const found = await recordSetupCheck(database.db, { ...loaded, by: 'bob', mistakes: [MISTAKE] });
    expect(found).toMatchObject({ status: 'frozen', mistakes: [MISTAKE] });
  });

  test('becomes the default only when it is frozen', async () => {
    const { loaded } = await load();
    const make = (name: string) => makeDefaultSetup(database.db, { ...loaded, name, by: 'ann' });
    await expect(make('Mine')).rejects.toMatchObject({ code: 'SETUP_NOT_FROZEN' });
    await expect(make('Min')).rejects.toMatchObject({
      code: 'SETUP_UNKNOWN',
      message: 'There is no grouping template "Min". Did you mean "Mine"?',
    });
  });

  test('takes the place of the default of its organisation, and of no other', async () => {
    await used('All');
    await used('US', 'US');
    const next = await frozen('US 2', 'US');
    expect(await makeDefaultSetup(database.db, { ...next, by: 'ann' })).toMatchObject({ before: 'US@1' });
    expect([await statusOf('US'), await statusOf('All')]).toEqual(['frozen', 'default']);
    const namesOf = async (org: string) => (await defaultSetup(database.db, 'grouping', org))?.name;
    expect([await namesOf('US'), await namesOf('EU')]).toEqual(['US 2', 'All']);
    expect(await defaultSetup(database.db, 'obligations', 'US')).toBeUndefined();
  });

  test('is the one default, however many are made at once', async () => {
    const versions = [await frozen('a'), await frozen('b'), await frozen('c')];
    await Promise.all(versions.map((each) => makeDefaultSetup(database.db, { ...each, by: 'ann' })));
    const states = await Promise.all(['a', 'b', 'c'].map(statusOf));
    expect(states.toSorted()).toEqual(['default', 'frozen', 'frozen']);
  });

  test('is seen by a reader when it serves all, or an organisation that he may see', async () => {
    for (const org of ['north', 'south']) {
      await recordTenant(database, org, org);
      await frozen(org, org);
    }
    const reader = await openReader(database, ['north']);
    try {
      const names = (await listSetups(reader.db, 'grouping')).map(({ name }) => name);
      expect(names).toEqual(['Customer', 'Subscription and Term', 'north']);
    } finally {
      await reader.close();
    }
  });

  describe('is guarded by the database', () => {
    test.each([
      [`update revenue.setup set body = '{}'`, 'never changes'],
      ['update revenue.setup set version = 7', 'never changes'],
      [`update revenue.setup set org = 'US'`, 'never changes'],
      ['update revenue.setup set seeded = true', 'never changes'],
      [`update revenue.setup set status = 'draft'`, 'cannot become draft from frozen'],
      ['delete from revenue.setup', 'frozen and stays'],
    ])('which refuses, of a frozen one, %s', async (statement, says) => {
      await frozen('Mine');
      await expect(run(database.url, statement)).rejects.toThrow(says);
      expect(await statusOf('Mine')).toBe('frozen');
    });

    test('which refuses to call checked what has mistakes, or never was checked', async () => {
      await load();
      const call = run(database.url, `update revenue.setup set status = 'checked'`);
      await expect(call).rejects.toThrow('setup_checked_clean');
    });

    test('which lets a draft go', async () => {
      await load();
      await run(database.url, 'delete from revenue.setup');
      await expect(statusOf('Mine')).rejects.toMatchObject({ code: 'SETUP_UNKNOWN' });
    });
  });
});

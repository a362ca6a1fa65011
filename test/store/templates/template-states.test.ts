import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Mistake } from '../../../src/domain/mapping/checks/mistake.ts';
import { loadTemplate } from '../../../src/store/templates/load-template.ts';
import { freezeTemplate, makeDefault, recordCheck } from '../../../src/store/templates/template-states.ts';
import { findTemplate } from '../../../src/store/templates/template-versions.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { keptDefault, keptFrozen } from '../../support/kept-templates.ts';
import { run } from '../../support/server-database.ts';
import { invoiceTemplate } from '../../support/templates.ts';

const MISTAKE: Mistake = { path: 'name', message: 'It is wrong.', suggestion: 'Write another.' };

describe('a template version', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => run(database.url, 'truncate staging.transaction_template'));
  afterAll(() => database.close());

  const load = async (change = {}) =>
    (await loadTemplate(database.db, { template: invoiceTemplate(change), by: 'ann' })).loaded;
  const statusOf = async (name: string, version = 1) =>
    (await findTemplate(database.db, { name, version })).status;

  test('begins as a draft and keeps what a check found', async () => {
    const draft = await load();
    expect(draft).toMatchObject({ id: 'Mine@1', status: 'draft', mistakes: null, createdBy: 'ann' });
    expect(await recordCheck(database.db, { ...draft, by: 'bob', mistakes: [MISTAKE] })).toMatchObject({
      status: 'draft',
      mistakes: [MISTAKE],
    });
    expect(await recordCheck(database.db, { ...draft, by: 'bob', mistakes: [] })).toMatchObject({
      status: 'checked',
      mistakes: [],
      changedBy: 'bob',
    });
    expect((await recordCheck(database.db, { ...draft, by: 'bob', mistakes: [MISTAKE] })).status).toBe(
      'draft',
    );
  });

  test('is frozen only after a check without mistakes', async () => {
    const draft = await load();
    const freeze = () => freezeTemplate(database.db, { ...draft, by: 'ann' });
    await expect(freeze()).rejects.toMatchObject({ code: 'TEMPLATE_NOT_CHECKED' });
    await recordCheck(database.db, { ...draft, by: 'ann', mistakes: [] });
    expect(await freeze()).toMatchObject({ status: 'frozen' });
    expect(await freeze()).toMatchObject({ status: 'frozen' });
  });

  test('once frozen keeps its status whatever a later check finds', async () => {
    const frozen = await keptFrozen(database.db, invoiceTemplate());
    const checked = await recordCheck(database.db, { ...frozen, by: 'bob', mistakes: [MISTAKE] });
    expect(checked).toMatchObject({ status: 'frozen', mistakes: [MISTAKE], changedBy: 'ann' });
  });

  test('becomes the default only when it is frozen', async () => {
    const draft = await load();
    const make = makeDefault(database.db, { ...draft, by: 'ann' });
    await expect(make).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FROZEN' });
    await expect(makeDefault(database.db, { name: 'None', version: 1, by: 'ann' })).rejects.toMatchObject({
      code: 'TEMPLATE_UNKNOWN',
    });
  });

  test('takes the place of the default of its type and entity, and of no other', async () => {
    await keptDefault(database.db, invoiceTemplate({ name: 'All' }));
    await keptDefault(database.db, invoiceTemplate({ name: 'US', entity: 'US' }));
    const next = await keptFrozen(database.db, invoiceTemplate({ name: 'US 2', entity: 'US' }));
    expect(await makeDefault(database.db, { ...next, by: 'ann' })).toMatchObject({
      made: { status: 'default' },
      before: 'US@1',
    });
    expect(await statusOf('US')).toBe('frozen');
    expect(await statusOf('All')).toBe('default');
    expect(await makeDefault(database.db, { ...next, by: 'ann' })).toMatchObject({ before: 'US 2@1' });
  });

  test('is the one default, however many are made at once', async () => {
    const frozen = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => keptFrozen(database.db, invoiceTemplate({ name }))),
    );
    await Promise.all(frozen.map((each) => makeDefault(database.db, { ...each, by: 'ann' })));
    const states = await Promise.all(['a', 'b', 'c', 'd'].map((name) => statusOf(name)));
    expect(states.toSorted()).toEqual(['default', 'frozen', 'frozen', 'frozen']);
  });

  describe('is guarded by the database', () => {
    const TABLE = 'staging.transaction_template';

    test.each([
      [`update ${TABLE} set body = jsonb_set(body, '{filter}', '"x"')`, 'never changes'],
      [`update ${TABLE} set version = 7`, 'never changes'],
      [`update ${TABLE} set created_by = 'eve'`, 'never changes'],
      [`update ${TABLE} set seeded = true`, 'never changes'],
      [`update ${TABLE} set status = 'draft'`, 'cannot become draft from frozen'],
      [`update ${TABLE} set status = 'checked'`, 'cannot become checked from frozen'],
      [`delete from ${TABLE}`, 'frozen and stays'],
    ])('which refuses, of a frozen one, %s', async (statement, says) => {
      await keptFrozen(database.db, invoiceTemplate());
      await expect(run(database.url, statement)).rejects.toThrow(says);
      expect(await statusOf('Mine')).toBe('frozen');
    });

    test.each(['frozen', 'default'])('which refuses a draft that becomes %s at once', async (status) => {
      await load();
      const skip = run(database.url, `update ${TABLE} set status = '${status}'`);
      await expect(skip).rejects.toThrow(`cannot become ${status} from draft`);
    });

    test('which refuses to call checked what has mistakes, or never was checked', async () => {
      await load();
      const call = run(database.url, `update ${TABLE} set status = 'checked'`);
      await expect(call).rejects.toThrow('transaction_template_checked_clean');
    });

    test('which refuses a body of another name, type or entity', async () => {
      await load();
      for (const column of ['name', 'entity'])
        await expect(run(database.url, `update ${TABLE} set ${column} = 'other'`)).rejects.toThrow(
          'transaction_template_body_agrees',
        );
    });

    test('which lets a draft go', async () => {
      await load();
      await run(database.url, `delete from ${TABLE}`);
      await expect(statusOf('Mine')).rejects.toMatchObject({ code: 'TEMPLATE_UNKNOWN' });
    });
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { EnablementEvent } from '../../../src/domain/enablement/view.ts';
import { readEnablement } from '../../../src/store/enablement/read-enablement.ts';
import { recordEnablement } from '../../../src/store/enablement/record-enablement.ts';
import { keepAnswer } from '../../../src/store/enablement/keep-answer.ts';
import { stepContext } from '../../../src/store/enablement/step-context.ts';
import { digest } from '../../../src/store/digest.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { AWAITING, opened, viewOf } from '../../support/opened-enablement.ts';
import { openReader } from '../../support/reader.ts';
import { run } from '../../support/server-database.ts';
import { recordTenant } from '../../support/sync-rows.ts';

const AT = '2025-08-01T12:00:00.123Z';
const done: EnablementEvent = { at: AT, kind: 'done', step: 4, by: 'ann', text: 'All fits.' };

describe('recordEnablement', () => {
  let database: TestDatabase;
  let enablement: string;
  beforeEach(async () => {
    database = await openTestDatabase();
    enablement = await opened(database);
  });
  afterEach(() => database.close());

  const record = (...rest: [Parameters<typeof viewOf>, EnablementEvent[]]) =>
    recordEnablement(database.db, enablement, viewOf(...rest[0]), rest[1]);
  const events = async () => {
    const { rows } = await database.pool.query(
      'select kind, step, by, text from control.enablement_event order by event',
    );
    return rows;
  };

  test('is read as the workflow told it', async () => {
    const view = viewOf(
      'waiting',
      {
        2: { applies: false, status: 'skipped', by: 'revsync', at: AT, note: 'Does not apply: one entity.' },
        4: {
          status: 'done',
          by: 'ann',
          at: AT,
          note: 'All fits.',
          evidence: { deviations: [], rules: '12' },
        },
        5: { applies: true, status: 'waiting', note: AWAITING.message },
      },
      { awaiting: AWAITING, kept: [7, 10], ignored: [2], refused: ['answer takes {...}'] },
    );
    await recordEnablement(database.db, enablement, view, []);
    const read = await readEnablement(database.db, 'demo');
    expect(read).toMatchObject(JSON.parse(JSON.stringify(view)) as object);
    expect(read).toMatchObject({ workflowId: 'enablement/demo', endedAt: null });
    expect(JSON.stringify(read?.awaiting)).toBe(JSON.stringify(AWAITING));
    expect(await readEnablement(database.db, 'other')).toBeUndefined();
  });

  test('says when it was last recorded: a workflow that was terminated tells no more', async () => {
    await run(database.url, `update control.enablement set updated_at = '2025-01-01T00:00:00Z'`);
    expect(await readEnablement(database.db, 'demo')).toMatchObject({
      recordedAt: '2025-01-01T00:00:00.000Z',
    });
    const { startedAt } = (await readEnablement(database.db, 'demo')) ?? {};
    await record(['running'], []);
    const read = await readEnablement(database.db, 'demo');
    expect(read && startedAt && read.recordedAt >= startedAt).toBe(true);
  });

  test('again adds nothing, and takes back what is begun again', async () => {
    await record(['running', { 4: { status: 'done', by: 'ann', at: AT, note: 'All fits.' } }], [done]);
    await record(['running', { 4: { status: 'done', by: 'ann', at: AT, note: 'All fits.' } }], [done]);
    expect(await events()).toEqual([{ kind: 'done', step: 4, by: 'ann', text: 'All fits.' }]);
    await record(['running'], []);
    const read = await readEnablement(database.db, 'demo');
    expect(read?.steps[3]).toMatchObject({ status: 'pending', by: null, at: null, note: '', evidence: {} });
  });

  test('keeps events apart that differ in anything', async () => {
    const about: EnablementEvent = { at: AT, kind: 'refused', step: null, by: null, text: 'one' };
    await record(
      ['running'],
      [about, { ...about, text: 'two' }, { ...about, step: 1 }, { ...about, by: 'ann' }, about],
    );
    expect(await events()).toHaveLength(4);
  });

  test('keeps both of two answers apart that were kept at one instant', async () => {
    const kept: EnablementEvent = { at: AT, kind: 'kept', step: 9, by: 'ann', text: 'Kept.' };
    const [first, second] = [{ approve: true }, { approve: true, switchDate: '2025-08-01' }];
    const said = [
      { ...kept, before: null, after: first },
      { ...kept, before: first, after: second },
    ];
    await record(['running'], said);
    await record(['running'], said);
    expect(await events()).toHaveLength(2);
  });

  test('an answer to a step that was skipped, or did not apply, is in force no more', async () => {
    const at = AT;
    const value = { schedule: 'daily' };
    const taken = { enablement, value, by: 'ann', note: null, reason: null, at };
    await keepAnswer(database.db, { ...taken, step: 8 });
    await keepAnswer(database.db, { ...taken, step: 10 });
    await record(['running', { 8: { status: 'failed', at } }], []);
    expect(await stepContext(database.db, enablement, 11)).toMatchObject({
      answers: { 8: value, 10: value },
    });
    await record(['running', { 8: { status: 'skipped', at } }], []);
    expect((await stepContext(database.db, enablement, 11)).answers).toEqual({ 10: value });
  });

  test('leaves one that is over as it ended', async () => {
    await record(['completed', { 4: { status: 'done' } }], [done]);
    await record(['running'], [{ ...done, kind: 'retried' }]);
    const read = await readEnablement(database.db, 'demo');
    expect(read).toMatchObject({ status: 'completed', awaiting: null });
    expect(read?.endedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(read?.steps[3]).toMatchObject({ status: 'done' });
    expect(await events()).toHaveLength(2);
  });

  test('is a journal: neither told by the digest nor changed by anybody', async () => {
    const before = await digest(database.db);
    await record(['waiting', {}, { awaiting: AWAITING }], [done]);
    expect(await digest(database.db)).toEqual(before);
    for (const statement of [
      `update control.enablement_event set text = 'other'`,
      'delete from control.enablement_event',
    ]) {
      await expect(database.pool.query(statement)).rejects.toThrow(/permission denied/);
      await expect(run(database.url, statement)).rejects.toThrow(/neither changed nor deleted/);
    }
    for (const table of ['control.enablement', 'control.enablement_step']) {
      await expect(database.pool.query(`delete from ${table}`)).rejects.toThrow(/permission denied/);
    }
  });

  test('is for workers: evidence may name any organisation', async () => {
    await recordTenant(database);
    for (const role of ['revsync_reader', 'revsync_operator'] as const) {
      const reader = await openReader(database, ['default'], role);
      await expect(readEnablement(reader.db, 'demo')).rejects.toThrow(/permission denied/);
      await reader.close();
    }
  });

  test('says that an enablement is not there', async () => {
    await expect(recordEnablement(database.db, '99', viewOf('running'), [])).rejects.toMatchObject({
      code: 'ENABLEMENT_UNKNOWN',
    });
  });
});

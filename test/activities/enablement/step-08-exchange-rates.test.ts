import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createStep08 } from '../../../activities/enablement/step-08-exchange-rates.ts';
import type { ExchangeRatesAnswer } from '../../../src/domain/enablement/step-08-exchange-rates.ts';
import { setByHand } from '../../../src/store/profiles.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { contextOf, ranWell, rememberingTemporal } from '../../support/enablement-runs.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { syncRows } from '../../support/sync-rows.ts';

const account = { Name: 'Buyer', AccountNumber: 'A-2', UpdatedDate: '2024-01-01T00:00:00Z' };
const inEuros = { Account: [{ ...account, Id: 'eu', Currency: 'EUR' }] };
const daily = { schedule: 'daily' } as const;

describe('step 8 with a database', () => {
  const { schedules, crons } = rememberingTemporal();
  let database: TestDatabase;
  const advance = (told: Parameters<typeof contextOf<ExchangeRatesAnswer>>[1] = {}) =>
    createStep08({ db: database.db, schedules }).advance(contextOf(8, told));
  beforeAll(async () => {
    database = await openTestDatabase();
    await syncRows(database, sampleTenant(), { entity: 'us', org: 'amer' });
  });
  afterAll(() => database.close());

  test('does not apply while all is in one currency', async () => {
    expect(await advance()).toMatchObject({ kind: 'not-applicable' });
    expect(crons.size).toBe(0);
  });

  test('asks, runs and schedules once accounts have another one, and makes no schedule twice', async () => {
    await syncRows(database, inEuros, { entity: 'uk', org: 'emea', home: 'GBP' });
    expect(await advance()).toMatchObject({ kind: 'ask', value: daily });
    const id = 'exchange-rate-sync/uk';
    expect(await advance({ answer: daily })).toMatchObject({ kind: 'work', work: [{ id }] });
    expect(crons.size).toBe(0);
    const runs = [ranWell('exchangeRateSync', id)];
    const done = await advance({ answer: daily, runs });
    expect(done).toMatchObject({
      kind: 'done',
      evidence: {
        runs: [{ run: id }],
        schedules: [
          { id, action: 'created' },
          { id: 'exchange-rate-sync/us', action: 'not-needed' },
        ],
      },
    });
    expect(await advance({ answer: daily, runs })).toMatchObject({
      evidence: { schedules: [{ id, action: 'exists' }, {}] },
    });
    expect([...crons]).toEqual([[id, undefined]]);
  });

  test('makes no schedule where none is wanted', async () => {
    const runs = [ranWell('exchangeRateSync', 'exchange-rate-sync/uk')];
    crons.clear();
    expect(await advance({ answer: { schedule: 'off' }, runs })).toMatchObject({
      evidence: { schedules: [] },
    });
    expect(crons.size).toBe(0);
  });

  test('names schedules that were there: those that go on, and those that do not run every day', async () => {
    const runs = [ranWell('exchangeRateSync', 'exchange-rate-sync/uk')];
    const id = 'exchange-rate-sync/uk';
    const there = { id, when: '0 4 * * 1, Europe/London', paused: false };
    const { schedules: standing } = rememberingTemporal([there]);
    const off = await createStep08({ db: database.db, schedules: standing }).advance(
      contextOf(8, { answer: { schedule: 'off' }, runs }),
    );
    expect(off).toMatchObject({
      note: expect.stringContaining(`Still there and active: ${id} (${there.when})`) as unknown,
      evidence: { schedules: [{ id, action: 'goes-on', note: there.when }] },
    });
    const { schedules: paused } = rememberingTemporal([{ ...there, paused: true }]);
    const kept = await createStep08({ db: database.db, schedules: paused }).advance(
      contextOf(8, { answer: daily, runs }),
    );
    expect(kept).toMatchObject({
      note: expect.stringContaining(`${id} was there already and stays at ${there.when}, paused.`) as unknown,
    });
    expect(kept).toMatchObject({ note: expect.not.stringContaining('every day') as unknown });
  });

  test('goes by the reporting currency', async () => {
    await setByHand(database.db, {
      name: 'REPORTING_CURRENCY',
      code: null,
      value: 'JPY',
      by: 'ann',
      reason: 'a test',
    });
    expect(await advance({ answer: daily })).toMatchObject({
      work: [{ id: 'exchange-rate-sync/uk' }, { id: 'exchange-rate-sync/us' }],
    });
  });
});

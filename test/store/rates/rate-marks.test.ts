import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { moveRateMarks, readRateMarks } from '../../../src/store/rates/rate-marks.ts';
import { recordRates } from '../../../src/store/rates/record-rates.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { recordTenant } from '../../support/sync-rows.ts';

describe('marks of rates', () => {
  let database: TestDatabase;
  let entity: string;
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => {
    entity = `entity-${(entities += 1)}`;
    await recordTenant(database, entity, entity);
  });
  afterAll(() => database.close());

  const rateOf = (to: string, day: string) =>
    database.db
      .transaction()
      .execute((trx) =>
        recordRates(trx, { entity, by: 'test', source: 'custom-exchange-rates' }, [
          { from: 'USD', to, day, rate: '1.1', inverse: true, rateSet: null, providerDay: null },
        ]),
      );
  const move = (from: string, to: string, ...currencies: string[]) =>
    moveRateMarks(database.db, { entity, org: entity, base: 'USD', currencies, span: { from, to } });
  const marks = async () =>
    Object.fromEntries(
      [...(await readRateMarks(database.db, entity, 'USD'))].map(([currency, { syncedFrom, syncedTo }]) => [
        currency,
        `${syncedFrom} ${syncedTo}`,
      ]),
    );

  test('end with the last day that has a rate, for each currency its own', async () => {
    await rateOf('EUR', '2024-06-29');
    await rateOf('JPY', '2024-06-30');
    await rateOf('GBP', '2024-07-01');
    await move('2024-01-01', '2024-06-30', 'EUR', 'JPY', 'GBP');
    expect(await marks()).toEqual({
      EUR: '2024-01-01 2024-06-29',
      JPY: '2024-01-01 2024-06-30',
      GBP: '2024-01-01 2024-06-20',
    });
  });

  test('pass days without a rate once it is too late for one', async () => {
    await rateOf('EUR', '2024-05-01');
    await move('2024-04-01', '2024-05-03', 'EUR');
    expect(await marks()).toEqual({ EUR: '2024-04-01 2024-05-01' });
    await move('2024-04-29', '2024-05-31', 'EUR');
    expect(await marks()).toEqual({ EUR: '2024-04-01 2024-05-21' });
  });

  test('grow at either end and never shrink', async () => {
    for (const day of ['2024-05-01', '2024-05-09']) await rateOf('EUR', day);
    await move('2024-04-01', '2024-05-09', 'EUR');
    await move('2024-03-01', '2024-05-02', 'EUR');
    expect(await marks()).toEqual({ EUR: '2024-03-01 2024-05-09' });
  });

  test('are of one base; another one has none', async () => {
    await move('2024-04-01', '2024-05-09', 'EUR');
    expect((await readRateMarks(database.db, entity, 'GBP')).size).toBe(0);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { RateTold } from '../../../src/domain/rates/rate-told.ts';
import {
  recordExportedRates,
  recordRates,
  type RecordedRates,
} from '../../../src/store/rates/record-rates.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { loadRows, type Rows } from '../../support/sync-rows.ts';
import { inRun } from '../load/load-ground.ts';

const DAY = '2024-01-01';

/** A dollar's price in euros on a day, as Zuora's example writes it: EUR 1.08 with `inverse`. */
const euro = (rate: string, change: Partial<RateTold> = {}): RateTold => ({
  from: 'USD',
  to: 'EUR',
  day: DAY,
  rate,
  inverse: true,
  rateSet: 'Default',
  providerDay: null,
  ...change,
});

describe('rates that are recorded', () => {
  let database: TestDatabase;
  let entity: string;
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => {
    entity = `entity-${(entities += 1)}`;
    await inRun(database, entity, async () => undefined);
  });
  afterAll(() => database.close());

  const whose = () => ({ entity, by: 'exchange-rate-sync/demo' });
  const told = (...rates: RateTold[]): Promise<RecordedRates> =>
    database.db
      .transaction()
      .execute((trx) => recordRates(trx, { ...whose(), source: 'custom-exchange-rates' }, rates));
  const exported = (changedSince: string | null = null): Promise<RecordedRates> =>
    database.db.transaction().execute((trx) => recordExportedRates(trx, { ...whose(), changedSince }));
  const load = (...rows: Rows[string][number][]): Promise<string> =>
    inRun(database, entity, async (run) => {
      await loadRows(database, run, 'ExchangeRate', rows);
      return run.run;
    });
  const versions = async (): Promise<string[]> => {
    const rows = await database.db
      .selectFrom('control.exchange_rate')
      .selectAll()
      .where('entity', '=', entity)
      .orderBy('from_currency')
      .orderBy('to_currency')
      .orderBy('day')
      .orderBy('version')
      .execute();
    return rows.map(
      (r) =>
        `${r.from_currency}>${r.to_currency} ${r.day} v${r.version} ${r.rate}${r.inverse ? ' inverse' : ''} ${r.source}`,
    );
  };

  test('keep where they come from', async () => {
    await told(euro('1.0815', { providerDay: '2023-12-31' }));
    const [row] = await database.db
      .selectFrom('control.exchange_rate')
      .selectAll()
      .where('entity', '=', entity)
      .execute();
    expect(row).toMatchObject({
      org: entity,
      from_currency: 'USD',
      to_currency: 'EUR',
      day: DAY,
      version: 1,
      rate: '1.0815',
      inverse: true,
      source: 'custom-exchange-rates',
      rate_set: 'Default',
      provider_day: '2023-12-31',
      recorded_by: 'exchange-rate-sync/demo',
    });
  });

  test('are recorded once, however often they are told and however they are written', async () => {
    expect(await told(euro('1.08'))).toMatchObject({ read: '1', new: '1', changed: '0', unchanged: '0' });
    expect(await told(euro('1.0800'))).toMatchObject({ read: '1', new: '0', changed: '0', unchanged: '1' });
    expect(await versions()).toEqual(['USD>EUR 2024-01-01 v1 1.08 inverse custom-exchange-rates']);
  });

  test('become another version when something else is told, also what was told before', async () => {
    await told(euro('1.08'));
    expect(await told(euro('1.09'))).toMatchObject({ new: '0', changed: '1' });
    expect(await told(euro('1.08'))).toMatchObject({ new: '0', changed: '1' });
    expect(await told(euro('1.08', { inverse: false }))).toMatchObject({ changed: '1' });
    expect(await told(euro('1.08', { inverse: false, providerDay: '2023-12-31' }))).toMatchObject({
      changed: '1',
    });
    expect(await versions()).toEqual([
      'USD>EUR 2024-01-01 v1 1.08 inverse custom-exchange-rates',
      'USD>EUR 2024-01-01 v2 1.09 inverse custom-exchange-rates',
      'USD>EUR 2024-01-01 v3 1.08 inverse custom-exchange-rates',
      'USD>EUR 2024-01-01 v4 1.08 custom-exchange-rates',
      'USD>EUR 2024-01-01 v5 1.08 custom-exchange-rates',
    ]);
  });

  test('are compared with what the same source said, not with another', async () => {
    await load({ Id: 'r1', FromCurrency: 'USD', ToCurrency: 'EUR', RateDate: DAY, Rate: '0.9' });
    await told(euro('1.08'));
    await exported();
    expect(await told(euro('1.08'))).toMatchObject({ unchanged: '1' });
    expect(await exported()).toMatchObject({ unchanged: '1' });
    expect(await versions()).toEqual([
      'USD>EUR 2024-01-01 v1 1.08 inverse custom-exchange-rates',
      'USD>EUR 2024-01-01 v2 0.9 ExchangeRate',
    ]);
    expect(await told(euro('1.09'))).toMatchObject({ changed: '1' });
    expect((await versions()).at(-1)).toBe('USD>EUR 2024-01-01 v3 1.09 inverse custom-exchange-rates');
  });

  test('are recorded of many days and pairs at once; the last word of one reply counts', async () => {
    const days = Array.from({ length: 90 }, (_, at) =>
      new Date(Date.UTC(2024, 0, 1 + at)).toISOString().slice(0, 10),
    );
    const rates = days.flatMap((day) => [euro('1.1', { day }), euro('0.0064', { day, to: 'JPY' })]);
    expect(await told(...rates, euro('1.2', { day: DAY }))).toMatchObject({ read: '180', new: '180' });
    expect((await versions())[0]).toBe('USD>EUR 2024-01-01 v1 1.2 inverse custom-exchange-rates');
    expect(await told()).toMatchObject({ read: '0', new: '0', changed: '0', unchanged: '0', refused: [] });
  });

  test('are refused one by one, and the others recorded', async () => {
    const { refused, ...counts } = await told(
      euro('0'),
      euro('0.000e3', { day: '2024-01-02' }),
      euro('-1', { day: '2024-01-03' }),
      euro('1', { to: 'USD' }),
      euro('1', { to: 'euro' }),
      euro('1.3e-7', { to: 'JPY' }),
    );
    expect(counts).toEqual({ read: '1', new: '1', changed: '0', unchanged: '0' });
    expect(refused).toEqual([
      'USD to EUR on 2024-01-01: a rate is more than zero',
      'USD to EUR on 2024-01-02: a rate is more than zero',
      'USD to EUR on 2024-01-03: "-1" is no positive number',
      'USD to USD on 2024-01-01: a currency has no rate to itself',
      'USD to euro on 2024-01-01: "euro" is no currency',
    ]);
    expect(await versions()).toEqual(['USD>JPY 2024-01-01 v1 0.00000013 inverse custom-exchange-rates']);
  });

  test('get one version each when two workflows write at once', async () => {
    await Promise.all([told(euro('1.08')), told(euro('1.09')), told(euro('1.08')), told(euro('1.1'))]);
    const numbers = (await versions()).map((each) => each.split(' ')[2]);
    expect(numbers).toEqual(numbers.map((_, at) => `v${at + 1}`));
    expect(numbers.length).toBeGreaterThanOrEqual(3);
  });

  describe('of extracted objects', () => {
    const row = (id: string, rate: string | null, change: Readonly<Record<string, string | null>> = {}) => ({
      Id: id,
      FromCurrency: 'EUR',
      ToCurrency: 'USD',
      RateDate: DAY,
      Rate: rate,
      UpdatedDate: '2024-01-02T00:00:00Z',
      ...change,
    });

    test('are those of the newest row of a pair and day', async () => {
      await load(
        row('a', '1.1', { UpdatedDate: '2024-01-03T00:00:00Z' }),
        row('b', '1.2', { UpdatedDate: '2024-01-04T00:00:00Z' }),
        row('c', '1.3', { UpdatedDate: null }),
        row('d', '1.4', { RateDate: '2024-01-02' }),
        row('e', '1.5', { RateDate: '2024-01-02' }),
      );
      expect(await exported()).toMatchObject({ read: '2', new: '2' });
      expect(await versions()).toEqual([
        'EUR>USD 2024-01-01 v1 1.2 ExchangeRate',
        'EUR>USD 2024-01-02 v1 1.5 ExchangeRate',
      ]);
    });

    test('are looked at where a row changed since the run that is named', async () => {
      const first = await load(row('a', '1.1'), row('b', '1.2', { RateDate: '2024-01-02' }));
      await exported();
      const second = await load(row('a', '1.11', { UpdatedDate: '2024-01-05T00:00:00Z' }));
      expect(await exported(second)).toMatchObject({ read: '0' });
      expect(await exported(first)).toMatchObject({ read: '1', changed: '1' });
    });

    test('fall back to the row before when the newest is deleted', async () => {
      await load(row('a', '1.1'), row('b', '1.2', { UpdatedDate: '2024-01-04T00:00:00Z' }));
      await exported();
      const deleted = await load(row('b', '1.2', { UpdatedDate: '2024-01-05T00:00:00Z', Deleted: 'true' }));
      expect(await exported(String(Number(deleted) - 1))).toMatchObject({ changed: '1' });
      expect((await versions()).at(-1)).toBe('EUR>USD 2024-01-01 v2 1.1 ExchangeRate');
    });

    test('are refused when they are no rate between two currencies', async () => {
      await load(
        row('a', '0'),
        row('b', null),
        row('c', '1', { ToCurrency: 'EUR' }),
        row('d', '1', { FromCurrency: 'eur' }),
        row('e', '1', { RateDate: null }),
        row('f', '-1'),
      );
      const { refused, ...counts } = await exported();
      expect(counts).toEqual({ read: '0', new: '0', changed: '0', unchanged: '0' });
      expect(refused).toHaveLength(6);
      expect(refused[0]).toBe('ExchangeRate a tells no rate between two currencies');
      expect(await versions()).toEqual([]);
    });
  });
});

import { describe, expect, test } from 'vitest';

import {
  type EntityCurrencies,
  exchangeRatesDone,
  exchangeRatesTurn,
  type RatesFacts,
} from '../../../src/domain/enablement/step-08-exchange-rates.ts';
import { ranWell } from '../../support/enablement-runs.ts';

const emea: EntityCurrencies = { entity: 'emea', home: 'EUR', inUse: ['EUR', 'USD'] };
const us: EntityCurrencies = { entity: 'us', home: 'USD', inUse: ['USD'] };
const tenant = (...entities: EntityCurrencies[]): RatesFacts => ({ entities, reporting: null });
const daily = { schedule: 'daily' } as const;
const ran = (entity: string) => ranWell('exchangeRateSync', `exchange-rate-sync/${entity}`, { note: '' });

describe('step 8, exchange rates', () => {
  test('does not apply where each entity has one currency only', () => {
    expect(exchangeRatesTurn(tenant(us), null, [])).toEqual({
      kind: 'not-applicable',
      note: 'Only one currency is in use. The entity has no other currency than USD.',
      evidence: { reportingCurrency: null, currencies: [{ entity: 'us', home: 'USD', inUse: ['USD'] }] },
    });
  });

  test('does not apply while Currency Conversion is off, and says so', () => {
    const off = tenant({ ...emea, home: null });
    expect(exchangeRatesTurn(off, daily, [])).toMatchObject({
      kind: 'not-applicable',
      note: expect.stringContaining('Currency Conversion is off in Billing') as unknown,
    });
  });

  test('applies for the reporting currency, whatever Currency Conversion is', () => {
    const reported = { ...tenant({ ...us, home: null }), reporting: 'EUR' };
    expect(exchangeRatesTurn(reported, null, [])).toMatchObject({ kind: 'ask' });
  });

  test('asks whether rates are synced every day, and names where and which', () => {
    expect(exchangeRatesTurn(tenant(emea, us), null, [])).toMatchObject({
      kind: 'ask',
      message: expect.stringContaining('in use in emea: EUR and USD') as unknown,
      value: daily,
      polls: false,
    });
  });

  test('runs a sync for each entity that converts, each once', () => {
    const facts = tenant(emea, us, { ...emea, entity: 'uk', home: 'GBP' });
    const turn = exchangeRatesTurn(facts, daily, [ran('emea')]);
    expect(turn).toMatchObject({
      kind: 'work',
      work: [{ workflow: 'exchangeRateSync', id: 'exchange-rate-sync/uk', input: { entity: 'uk' } }],
    });
    expect(exchangeRatesTurn(facts, daily, [ran('emea'), ran('uk')])).toEqual({
      kind: 'ready',
      answer: daily,
    });
  });

  test('ends with what was run, and with the schedules that were made', () => {
    const schedule = { id: 'exchange-rate-sync/emea', action: 'created', note: '12 4 * * *' } as const;
    expect(exchangeRatesDone(tenant(emea), daily, [ran('emea')], [schedule])).toMatchObject({
      kind: 'done',
      note: expect.stringContaining('synced every day from now on') as unknown,
      evidence: { runs: [{ run: 'exchange-rate-sync/emea', outcome: 'completed' }], schedules: [schedule] },
    });
    expect(exchangeRatesDone(tenant(emea), { schedule: 'off' }, [ran('emea')], [])).toMatchObject({
      note: expect.stringContaining('No schedule is made') as unknown,
      evidence: { schedules: [] },
    });
  });

  describe('of what brought no rate', () => {
    const told = (entity: string, note: string) =>
      ranWell('exchangeRateSync', `exchange-rate-sync/${entity}`, { note });
    const uk = { ...emea, entity: 'uk', home: 'GBP' };
    const none = 'Billing told no rate of USD in EUR.';

    test('names the entity and the currencies, and does not call them synced', () => {
      const runs = [ran('uk'), told('emea', none)];
      expect(exchangeRatesDone(tenant(emea, uk), { schedule: 'off' }, runs, [])).toMatchObject({
        note: `Exchange rates of uk are synced. The sync of emea tells: ${none} Lines without a rate are held. No schedule is made.`,
        evidence: {
          runs: [
            { run: 'exchange-rate-sync/emea', note: none },
            { run: 'exchange-rate-sync/uk', note: '' },
          ],
        },
      });
    });

    test('says of no entity that it is synced where none is', () => {
      const done = exchangeRatesDone(tenant(emea), { schedule: 'off' }, [told('emea', none)], []);
      expect(done).toMatchObject({ note: expect.not.stringContaining('are synced') as unknown });
    });

    test('goes by the last run, and points to one that tells more than could be passed on', () => {
      const again = [told('emea', none), ran('emea'), ranWell('exchangeRateSync', 'exchange-rate-sync/uk')];
      expect(exchangeRatesDone(tenant(emea, uk), { schedule: 'off' }, again, [])).toMatchObject({
        note: expect.stringMatching(
          /^Exchange rates of emea are synced\. The sync of uk tells: More than fits here: see its run\./,
        ) as unknown,
      });
    });

    test('stays short where many entities are concerned', () => {
      const many = Array.from({ length: 50 }, (_, at) => ({ ...emea, entity: `e${at}` }));
      const runs = many.map(({ entity }) => told(entity, none));
      const done = exchangeRatesDone(tenant(...many), { schedule: 'off' }, runs, []);
      expect(done).toMatchObject({
        note: expect.stringContaining(
          'So do those of e3, e4, e5, e6, e7 and 42 more: see their runs.',
        ) as unknown,
      });
    });
  });

  test('keeps evidence short, however many entities there are', () => {
    const entities = Array.from({ length: 300 }, (_, at) => ({ ...emea, entity: `entity-${at}` }));
    const schedules = entities.map(({ entity }) => ({
      id: `exchange-rate-sync/${entity}`,
      action: 'created' as const,
      note: `Exchange rates of ${entity}: 12 4 * * *, Europe/Berlin.`,
    }));
    const runs = entities.map(({ entity }) => ran(entity));
    const done = exchangeRatesDone(tenant(...entities), daily, runs, schedules);
    expect(JSON.stringify(done).length).toBeLessThan(4_500);
    expect(done).toMatchObject({ evidence: { currenciesLeftOut: expect.any(String) as unknown } });
  });
});

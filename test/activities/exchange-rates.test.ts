import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { BillingRate } from '../../src/billing/port.ts';
import { generateTenant } from '../../src/billing/sandbox/generate-tenant.ts';
import { parseTenantSpec } from '../../src/billing/sandbox/tenant-spec.ts';
import {
  type ActivityGround,
  failureOf,
  newOwner,
  openActivityGround,
  runFor,
  smallTenant,
  synced,
} from '../support/activities.ts';

const SPEC = 'items=100,seed=7,currencies=USD+EUR+JPY,from=2025-03-01';

/** What lines need, and the rates. */
const tenant = () => ({
  ...generateTenant(parseTenantSpec(SPEC)),
  objects: [...smallTenant().objects, 'ExchangeRate'],
});

describe('activities of exchangeRateSync', () => {
  let ground: ActivityGround;
  const run = (workflowId = 'exchange-rate-sync/demo') => runFor(ground, newOwner(workflowId));
  const plan = (input: Parameters<ActivityGround['activities']['planRateSync']>[0] = {}) =>
    run()('planRateSync', input);
  const saying = async <Result>(
    rates: readonly BillingRate[],
    work: () => Promise<Result>,
  ): Promise<Result> => {
    ground.world.billing = (real) =>
      new Proxy(real, {
        get: (target, name: keyof typeof real) =>
          name === 'exchangeRates' ? async () => rates : target[name],
      });
    try {
      return await work();
    } finally {
      ground.world.billing = (real) => real;
    }
  };

  const reportedIn = async <Result>(value: string, work: () => Promise<Result>): Promise<Result> => {
    const { db } = ground.database;
    const profile = { name: 'REPORTING_CURRENCY', value, changed_by: 'test' };
    await db.insertInto('control.profile').values(profile).execute();
    try {
      return await work();
    } finally {
      await db.deleteFrom('control.profile').where('name', '=', profile.name).execute();
    }
  };

  beforeAll(async () => void (ground = await openActivityGround(tenant())));
  afterAll(() => ground.close());

  test('plan nothing before any account is known, and say so', async () => {
    await run()('readEntities');
    expect(await plan()).toMatchObject({
      entity: 'demo',
      home: 'USD',
      parts: [],
      note: 'The entity has no other currency than USD.',
    });
  });

  test('record nothing instead of a table where no rate was extracted, and say what to do', async () => {
    const failure = await failureOf(run()('recordExtractedRates', { entity: 'demo', org: 'default' }));
    expect(failure.type).toBe('EXCHANGE_RATES_NOWHERE');
    expect(failure.nonRetryable).toBe(true);
  });

  describe('after a sync', () => {
    beforeAll(async () => void (await synced(ground)));

    test('plan all days since the oldest line, of the currencies of the accounts', async () => {
      const { parts, movesMarks } = await plan({ entity: 'demo' });
      expect(movesMarks).toBe(true);
      expect(parts).toEqual([
        {
          entity: 'demo',
          org: 'default',
          base: 'USD',
          currencies: ['EUR', 'JPY'],
          span: { from: expect.stringMatching(/^2025-0[1-4]-/), to: '2025-08-01' },
        },
      ]);
    });

    test('plan by the day that it is where the entity is', async () => {
      const { db } = ground.database;
      const zone = (timezone: string | null) => db.updateTable('control.entity').set({ timezone }).execute();
      await zone('Pacific/Auckland');
      expect((await plan()).parts[0]?.span.to).toBe('2025-08-02');
      await zone(null);
    });

    test('plan the days and currencies that a person chose, which move no mark', async () => {
      const chosen = await plan({ from: '2025-05-01', to: '2025-05-02', currencies: ['EUR'] });
      expect(chosen.movesMarks).toBe(false);
      expect(chosen.parts).toMatchObject([
        { currencies: ['EUR'], span: { from: '2025-05-01', to: '2025-05-02' } },
      ]);
      const to = await plan({ from: '2031-05-01' });
      expect(to.parts[0]?.span).toEqual({ from: '2031-05-01', to: '2031-05-01' });
    });

    test('ask for the table of another reporting currency, too', async () => {
      const { parts } = await reportedIn('EUR', () => plan());
      expect(parts.map(({ base, currencies }) => `${currencies.join()} in ${base}`)).toEqual([
        'EUR,JPY in USD',
        'USD in EUR',
      ]);
    });

    test('read and record what Billing says, in the name of the workflow, and nothing twice', async () => {
      const {
        parts: [part],
      } = await plan({ from: '2025-05-01', to: '2025-05-10' });
      if (part === undefined) throw new Error('nothing is planned');
      const counts = { read: '20', refused: '0', refusals: [], told: ['EUR', 'JPY'] };
      const first = await run('exchange-rate-sync/demo-1')('readRates', part);
      expect(first).toMatchObject({ ...counts, new: '20', changed: '0', unchanged: '0' });
      expect(await run()('readRates', part)).toMatchObject({ ...counts, new: '0', unchanged: '20' });
      const rows = await ground.database.db
        .selectFrom('control.exchange_rate')
        .selectAll()
        .where('source', '=', 'custom-exchange-rates')
        .execute();
      expect(rows).toHaveLength(20);
      expect(rows.find((row) => row.to_currency === 'EUR')).toMatchObject({
        from_currency: 'USD',
        inverse: true,
        rate: expect.stringMatching(/^1\.0\d+$/),
        rate_set: 'Default',
        recorded_by: 'exchange-rate-sync/demo-1',
      });
    });

    test('refuse rates one by one, and leave those of other currencies alone', async () => {
      const {
        parts: [part],
      } = await plan({ from: '2025-06-01', to: '2025-06-01' });
      if (part === undefined) throw new Error('nothing is planned');
      const told = (to: string, rate: string): BillingRate => ({
        from: 'USD',
        to,
        day: '2025-06-01',
        rate,
        inverse: true,
        rateSet: null,
        providerDay: null,
      });
      const recorded = await saying([told('EUR', '0'), told('JPY', '0.0064'), told('KWD', '3.25')], () =>
        run()('readRates', part),
      );
      expect(recorded).toEqual({
        read: '1',
        new: '1',
        changed: '0',
        unchanged: '0',
        refused: '1',
        refusals: ['USD to EUR on 2025-06-01: a rate is more than zero'],
        told: ['EUR', 'JPY'],
      });
    });

    test('go on from the marks, and further back when an older line or another currency comes', async () => {
      const { db } = ground.database;
      const { parts } = await plan();
      await run()('moveRateMarks', parts);
      const next = await plan();
      expect(next.parts[0]?.span).toEqual({ from: '2025-07-20', to: '2025-08-01' });
      await db.deleteFrom('control.rate_mark').where('currency', '=', 'JPY').execute();
      expect((await plan()).parts).toEqual(parts);
    });

    test('record the extracted objects where they are all there is', async () => {
      const recorded = await run()('recordExtractedRates', { entity: 'demo', org: 'default' });
      expect(Number(recorded.read)).toBeGreaterThan(200);
      const again = await run()('recordExtractedRates', { entity: 'demo', org: 'default' });
      expect(again).toMatchObject({ read: recorded.read, new: '0', changed: '0' });
    });

    test('plan nothing while Currency Conversion is off, but for a reporting currency', async () => {
      const { db } = ground.database;
      await db.insertInto('control.organization').values({ org: 'off', name: 'Off' }).execute();
      await db
        .insertInto('control.entity')
        .values({
          entity: 'off',
          org: 'off',
          billing_id: null,
          entity_name: 'Off',
          display_name: 'Off',
          parent: null,
          timezone: null,
          home_currency: null,
        })
        .execute();
      expect(await plan({ entity: 'off' })).toMatchObject({ parts: [], home: null });
      expect(await reportedIn('KWD', () => plan({ entity: 'off', currencies: ['EUR'] }))).toMatchObject({
        parts: [{ base: 'KWD', currencies: ['EUR'] }],
        home: null,
      });
      expect((await failureOf(plan())).type).toBe('ENTITY_NEEDED');
      expect((await failureOf(plan({ entity: 'nobody' }))).type).toBe('ENTITY_UNKNOWN');
    });
  });
});

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { TenantEntity } from '../../src/domain/tenancy/records.ts';
import type { Db } from '../../src/store/database.ts';
import { compareHomeCurrencies } from '../../src/store/findings/home-currency.ts';
import { moveRateMarks } from '../../src/store/rates/rate-marks.ts';
import { recordRates } from '../../src/store/rates/record-rates.ts';
import { applySettings } from '../../src/store/settings/apply-settings.ts';
import { entityFacts, recordBillingSettings } from '../../src/store/settings/billing-settings.ts';
import { openSwitch } from '../../src/store/settlement/switch-over.ts';
import { recordEntities } from '../../src/store/tenancy.ts';
import { mapEntities } from '../../src/store/tenancy/map-entities.ts';
import { settingsWanted } from '../../src/domain/settings/settings-wanted.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { holdTable } from './database-rows.ts';
import { waitingFor } from '../support/waiting-for.ts';

const entity = (key: string): TenantEntity => ({
  entity: key,
  org: key,
  billingId: `id-${key}`,
  entityName: key,
  displayName: key,
  parent: null,
  timezone: null,
  homeCurrency: 'USD',
});
const SPAN = { from: '2024-01-01', to: '2024-01-31' };
const RATE = { from: 'USD', to: 'EUR', day: SPAN.from, rate: '1.1', inverse: true };
const WRITER = { by: 'sync', workflowRun: 'r' };
const SETTINGS = {
  entity: 'us',
  rules: [],
  features: [{ feature: 'Orders', on: true, how: 'a test' } as const],
};

/** What files something under an entity's organisation without a run of it, and where. */
const WRITES: Readonly<Record<string, (db: Db) => Promise<unknown>>> = {
  'control.exchange_rate': (db) =>
    db
      .transaction()
      .execute((trx) =>
        recordRates(trx, { entity: 'us', by: 'sync', source: 'custom-exchange-rates' }, [
          { ...RATE, rateSet: null, providerDay: null },
        ]),
      ),
  'control.rate_mark': (db) =>
    moveRateMarks(db, { entity: 'us', org: 'us', base: 'USD', currencies: ['EUR'], span: SPAN }),
  'control.settlement_switch': (db) => openSwitch(db, 'us'),
  'control.billing_setting': (db) => recordBillingSettings(db, SETTINGS, WRITER),
  'staging.finding': (db) => compareHomeCurrencies(db, [{ entity: 'us', homeCurrency: 'EUR' }]),
  'control.lookup': (db) => applySettings(db, async (trx) => settingsWanted(await entityFacts(trx)), WRITER),
};

describe('an entity that is mapped while something is filed under its organisation', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openTestDatabase();
    await recordEntities(database.db, [entity('us'), entity('uk')]);
  });
  afterEach(() => database.close());

  test.each(Object.entries(WRITES))('has it under the new one: %s', async (table, write) => {
    // The mapping stops at its last statement, when it has moved the entity.
    const held = await holdTable(database.url, 'control.decision');
    const mapping = mapEntities(database.db, [{ entity: 'us', org: 'west', name: null }], {
      by: 'ann',
      reason: 'Step 2',
    });
    let writing: Promise<unknown>;
    try {
      await held.waitedFor();
      writing = write(database.db);
      await waitingFor(database, 2);
    } finally {
      await held.release();
    }
    await mapping;
    await writing;
    const { rows } = await sql`
      select distinct org from ${sql.table(table)} where org <> 'uk'`.execute(database.db);
    expect(rows).toEqual([{ org: 'west' }]);
  });

  test.each(['control.exchange_rate', 'control.rate_mark', 'control.settlement_switch'])(
    'the database itself refuses another organisation in %s',
    async (table) => {
      await WRITES[table]?.(database.db);
      await expect(
        database.db.updateTable('control.entity').set({ org: 'uk' }).where('entity', '=', 'us').execute(),
      ).rejects.toMatchObject({ code: '23503' });
    },
  );

  test('is locked in the order in which entities are recorded: neither waits for the other in a circle', async () => {
    const recording = await database.db.transaction().execute(async (trx) => {
      await sql`select from control.entity where entity = 'uk' for update`.execute(trx);
      const late = recordEntities(database.db, [
        { ...entity('us'), timezone: 'UTC' },
        { ...entity('uk'), timezone: 'UTC' },
      ]);
      await waitingFor(database, 1);
      await sql`select from control.entity where entity = 'us' for update nowait`.execute(trx);
      return { late };
    });
    expect((await recording.late).map((each) => each.entity)).toEqual(['us', 'uk']);
  });
});

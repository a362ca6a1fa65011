import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { settingsWanted } from '../../../src/domain/settings/settings-wanted.ts';
import type { TenantEntity } from '../../../src/domain/tenancy/records.ts';
import { lookupValue } from '../../../src/store/lookups.ts';
import { listProfiles } from '../../../src/store/profiles.ts';
import { recordRates } from '../../../src/store/rates/record-rates.ts';
import { openRun } from '../../../src/store/runs.ts';
import { applySettings } from '../../../src/store/settings/apply-settings.ts';
import { entityFacts } from '../../../src/store/settings/billing-settings.ts';
import { listSettingChanges } from '../../../src/store/settings/setting-changes.ts';
import { listOrganizations, recordEntities } from '../../../src/store/tenancy.ts';
import { entityRecords, keptOfEntities } from '../../../src/store/tenancy/entity-records.ts';
import { mapEntities } from '../../../src/store/tenancy/map-entities.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openReader } from '../../support/reader.ts';

const entity = (key: string, billingId: string | null = `id-${key}`): TenantEntity => ({
  entity: key,
  org: billingId === null ? 'default' : key,
  billingId,
  entityName: key.toUpperCase(),
  displayName: `The ${key}`,
  parent: null,
  timezone: null,
  homeCurrency: 'USD',
});
const RATE = {
  from: 'USD',
  to: 'EUR',
  day: '2024-01-01',
  rate: '1.1',
  inverse: true,
  rateSet: null,
  providerDay: null,
};
const WHO = { by: 'ann', reason: 'Step 2' };
const to = (key: string, org: string, name: string | null = null) => ({ entity: key, org, name });
const window = { from: null, to: '2024-02-15T00:00:00Z', lookBack: false, movesMark: true, selection: {} };

describe('mapEntities', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openTestDatabase();
    await recordEntities(database.db, [entity('us'), entity('uk'), entity('japan')]);
  });
  afterEach(() => database.close());

  const orgs = async () =>
    Object.fromEntries((await entityRecords(database.db)).map((each) => [each.entity, each.org]));
  const run = (key: string, org: string) =>
    openRun(database.db, { entity: key, org, owner: { workflowId: 'w', runId: key }, window });

  test('puts several entities into one organisation, and keeps what it was with who decided why', async () => {
    const { db } = database;
    const mapped = await mapEntities(
      db,
      [to('us', 'west', 'The West'), to('uk', 'west'), to('japan', 'japan')],
      WHO,
    );
    expect(mapped).toEqual([
      { entity: 'us', org: 'west', was: 'us', changed: true },
      { entity: 'uk', org: 'west', was: 'uk', changed: true },
      { entity: 'japan', org: 'japan', was: 'japan', changed: false },
    ]);
    expect(await orgs()).toEqual({ us: 'west', uk: 'west', japan: 'japan' });
    expect(await listOrganizations(db)).toEqual(['japan', 'west']);
    expect(
      await db.selectFrom('control.organization').select(['org', 'name']).orderBy('org').execute(),
    ).toEqual([
      { org: 'japan', name: 'The japan' },
      { org: 'west', name: 'The West' },
    ]);
    const decisions = await db
      .selectFrom('control.decision')
      .select(['org', 'kind', 'subject', 'before', 'after', 'reason', 'decided_by'])
      .orderBy('decision')
      .execute();
    const common = { kind: 'map-entity', reason: 'Step 2', decided_by: 'ann' };
    const decided = (subject: string) => [
      { ...common, subject, org: subject, before: { org: subject }, after: null },
      { ...common, subject, org: 'west', before: null, after: { org: 'west' } },
    ];
    expect(decisions).toEqual([...decided('us'), ...decided('uk')]);
  });

  test('changes and records nothing the second time', async () => {
    await mapEntities(database.db, [to('us', 'west')], WHO);
    expect((await mapEntities(database.db, [to('us', 'west')], WHO)).map(({ changed }) => changed)).toEqual([
      false,
    ]);
    expect(await database.db.selectFrom('control.decision').selectAll().execute()).toHaveLength(2);
  });

  test('stays when Billing’s entities are read again, also of a tenant that has one', async () => {
    const { db } = database;
    await recordEntities(db, [entity('demo', null)]);
    await mapEntities(db, [to('us', 'west'), to('demo', 'acme')], WHO);
    await recordEntities(db, [entity('us'), entity('uk'), entity('japan')]);
    await recordEntities(db, [entity('demo', null)]);
    expect(await orgs()).toEqual({ us: 'west', uk: 'uk', japan: 'japan', demo: 'acme' });
    expect(await listOrganizations(db)).toEqual(['acme', 'japan', 'uk', 'west']);
  });

  test('keeps an entity where its runs are, all or none of a mapping', async () => {
    await run('uk', 'uk');
    expect(await keptOfEntities(database.db)).toEqual(new Map([['uk', ['control.run']]]));
    await expect(mapEntities(database.db, [to('us', 'west'), to('uk', 'west')], WHO)).rejects.toMatchObject({
      code: 'ENTITY_KEEPS_ORGANIZATION',
      message: 'Entity uk belongs to uk for good: under it, it has runs, and what they brought.',
    });
    expect(await orgs()).toEqual({ us: 'us', uk: 'uk', japan: 'japan' });
  });

  test('the database itself refuses a run under another organisation, and to move an entity with runs', async () => {
    await mapEntities(database.db, [to('us', 'west')], WHO);
    const constraint = { code: '23503', constraint: 'run_entity' };
    await expect(run('us', 'japan')).rejects.toMatchObject(constraint);
    await run('us', 'west');
    await expect(
      database.db.updateTable('control.entity').set({ org: 'japan' }).where('entity', '=', 'us').execute(),
    ).rejects.toMatchObject(constraint);
  });

  test('takes settings along, and leaves an organisation that something else belongs to', async () => {
    const { db } = database;
    await db
      .insertInto('control.billing_setting')
      .values({
        entity: 'us',
        org: 'us',
        kind: 'rule',
        name: 'n',
        setting: 's',
        value: 'v',
        required: null,
        fits: null,
      })
      .execute();
    await db
      .insertInto('control.period')
      .values({ org: 'us', period: '2024-01', status: 'open', changed_by: 'ann' })
      .execute();
    await mapEntities(db, [to('us', 'west')], WHO);
    expect(await db.selectFrom('control.billing_setting').select('org').execute()).toEqual([{ org: 'west' }]);
    expect(await listOrganizations(db)).toEqual(['japan', 'uk', 'us', 'west']);
  });

  test('keeps an entity where its exchange rates are', async () => {
    const { db } = database;
    await db
      .transaction()
      .execute((trx) =>
        recordRates(trx, { entity: 'us', by: 'sync', source: 'custom-exchange-rates' }, [RATE]),
      );
    await expect(mapEntities(db, [to('us', 'west')], WHO)).rejects.toMatchObject({
      code: 'ENTITY_KEEPS_ORGANIZATION',
      message: 'Entity us belongs to us for good: under it, it has rows in control.exchange_rate.',
    });
    await expect(
      db.updateTable('control.entity').set({ org: 'japan' }).where('entity', '=', 'us').execute(),
    ).rejects.toMatchObject({ code: '23503', constraint: 'exchange_rate_entity' });
  });

  test('takes the lookups along at once, and tells the people of neither organisation of the other', async () => {
    const { db } = database;
    await db.updateTable('control.entity').set({ timezone: 'UTC' }).execute();
    await applySettings(db, async (trx) => settingsWanted(await entityFacts(trx)), {
      by: 'settings-sync',
      workflowRun: 'r',
    });
    await mapEntities(db, [to('uk', 'japan'), to('us', 'west')], WHO);
    expect(await lookupValue(db, 'RPRO_KS_ZUORA_ENTITIES', 'id-us')).toBe('west');
    expect(await listOrganizations(db)).toEqual(['japan', 'west']);
    const common = { code: 'id-us', entity: 'us', reason: 'Step 2', changedBy: 'ann' };
    const west = await openReader(database, ['west']);
    expect(await listSettingChanges(west.db)).toMatchObject([
      ...(await tenantWide()),
      { ...common, name: 'RPRO_KS_ZUORA_ENTITIES', before: null, after: 'west' },
      { ...common, name: 'RPRO_KS_ZUORA_ENTITIES_TIMEZONE', before: null, after: 'UTC' },
    ]);
    expect(
      (await listProfiles(west.db)).filter(({ org }) => org !== null).map(({ code, value }) => [code, value]),
    ).toEqual([
      ['id-us', 'west'],
      ['id-us', 'UTC'],
    ]);
    expect(await west.db.selectFrom('control.decision').select(['before', 'after']).execute()).toEqual([
      { before: null, after: { org: 'west' } },
    ]);
    await west.close();
    const left = (await listSettingChanges(db)).filter(({ org }) => org === 'us').slice(-2);
    expect(left).toMatchObject([
      { ...common, name: 'RPRO_KS_ZUORA_ENTITIES', before: 'us', after: null },
      { ...common, name: 'RPRO_KS_ZUORA_ENTITIES_TIMEZONE', before: 'UTC', after: null },
    ]);
  });

  const tenantWide = async () => (await listSettingChanges(database.db)).filter(({ org }) => org === null);

  test('leaves a parent unnamed to those who do not see it', async () => {
    const { db } = database;
    await recordEntities(db, [{ ...entity('osaka'), parent: 'japan' }]);
    const reader = await openReader(database, ['osaka']);
    expect(await entityRecords(reader.db)).toMatchObject([{ entity: 'osaka', parent: null }]);
    await reader.close();
    expect((await entityRecords(db)).find((each) => each.entity === 'osaka')).toMatchObject({
      parent: 'japan',
    });
  });

  test('refuses an entity that is not recorded', async () => {
    await expect(mapEntities(database.db, [to('mars', 'west')], WHO)).rejects.toMatchObject({
      code: 'ENTITY_UNKNOWN',
    });
  });
});

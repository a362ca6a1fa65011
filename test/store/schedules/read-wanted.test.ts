import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Chosen, readWanted } from '../../../src/store/schedules/read-wanted.ts';
import { setByHand } from '../../../src/store/profiles.ts';
import { recordEntities } from '../../../src/store/tenancy.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

const entity = (name: string, org: string, timezone: string) => ({
  entity: name,
  org,
  billingId: `id-of-${name}`,
  entityName: name,
  displayName: name,
  parent: null,
  timezone,
  homeCurrency: 'EUR',
});

describe('schedules that a tenant asks for', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordEntities(database.db, [
      entity('de', 'emea', 'Europe/Berlin'),
      entity('uk', 'emea', 'Europe/London'),
      entity('us', 'us', 'America/Denver'),
    ]);
  });
  afterAll(() => database.close());

  const ids = async (chosen: Chosen = {}) =>
    (await readWanted(database.db, chosen)).map(({ id, notNeeded }) => (notNeeded === null ? id : `(${id})`));
  const set = (name: string, code: string | null, value: string) =>
    setByHand(database.db, { name, code, value, by: 'ann', reason: 'test' });

  test('follow its entities, organisations and settings', async () => {
    expect(await ids()).toEqual([
      '(exchange-rate-sync/de)',
      'revenue-sync/de',
      '(exchange-rate-sync/uk)',
      'revenue-sync/uk',
      '(exchange-rate-sync/us)',
      'revenue-sync/us',
      '(data-collection/emea)',
      '(data-collection/us)',
    ]);
    const [collection] = await readWanted(database.db, { entity: 'uk', kind: 'data-collection' });
    expect(collection).toMatchObject({ input: { org: 'emea' }, timezone: 'Europe/Berlin' });
  });

  test('are those of an entity and its organisation, or of a kind, when a person says so', async () => {
    expect(await ids({ entity: 'uk' })).toEqual([
      '(exchange-rate-sync/uk)',
      'revenue-sync/uk',
      '(data-collection/emea)',
    ]);
    expect(await ids({ kind: 'revenue-sync' })).toEqual([
      'revenue-sync/de',
      'revenue-sync/uk',
      'revenue-sync/us',
    ]);
  });

  test('change with profiles and lookups', async () => {
    await set('AUTO_REVENUESYNC', null, 'Yes');
    await set('AUTO_REVENUE_SYNC', 'Auto_Collect', 'N');
    await set('REPORTING_CURRENCY', null, 'USD');
    expect(await ids({ entity: 'us' })).toEqual([
      'exchange-rate-sync/us',
      '(revenue-sync/us)',
      'data-collection/us',
    ]);
  });
});

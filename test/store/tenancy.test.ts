import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { tenantEntities } from '../../src/domain/tenancy/records.ts';
import { billingIdOf, findEntity, listEntities, recordEntities } from '../../src/store/tenancy.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { run } from '../support/server-database.ts';

const NAMES = { tenant: 'demo', tenantName: null };
const billed = (id: string, displayName: string, homeCurrency: string | null = null) => ({
  id,
  name: `Entity ${id}`,
  displayName,
  parentId: null,
  timezone: null,
  homeCurrency,
});

describe('recordEntities', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => run(database.url, 'truncate control.organization, control.entity cascade'));
  afterAll(() => database.close());

  const record = (...entities: ReturnType<typeof billed>[]) =>
    recordEntities(database.db, tenantEntities(entities, NAMES, null));
  const keys = async () => (await listEntities(database.db)).map(({ entity }) => entity);

  test('keeps the key and the organisation of an entity whose display name changes in Billing', async () => {
    await record(billed('1a2b', 'Old name'));
    await record(billed('1a2b', 'New name'));
    expect(await listEntities(database.db)).toEqual([
      { entity: 'Old-name', org: 'Old-name', billingId: '1a2b', displayName: 'New name' },
    ]);
    expect(await findEntity(database.db, 'New name')).toMatchObject({ entity: 'Old-name' });
  });

  test('keeps the key of an entity when another one of its name is added', async () => {
    await record(billed('1a2b', 'US'));
    await record(billed('1a2b', 'US'), billed('5e6f', 'US'));
    expect(await keys()).toEqual(['US', 'US-5e6f']);
    expect(await billingIdOf(database.db, 'US')).toBe('1a2b');
  });

  test('never gives a new entity the key that another one had before it was renamed', async () => {
    await record(billed('1a2b', 'US'));
    await record(billed('1a2b', 'Americas'), billed('5e6f', 'US'));
    expect(await keys()).toEqual(['US', 'US-5e6f']);
    expect((await listEntities(database.db)).map(({ org }) => org)).toEqual(['US', 'US-5e6f']);
    expect(await billingIdOf(database.db, 'US')).toBe('1a2b');
  });

  test('keeps a home currency once it is taken', async () => {
    await record(billed('1a2b', 'US', 'USD'));
    await record(billed('1a2b', 'US', 'EUR'));
    const { rows } = await database.pool.query('select home_currency from control.entity');
    expect(rows).toEqual([{ home_currency: 'USD' }]);
  });

  test('takes what several first runs tell at once', async () => {
    const all = ['1a2b', '3c4d', '5e6f', '7a8b'].map((id) => billed(id, `Entity ${id}`));
    for (let round = 0; round < 60; round += 1) {
      await run(database.url, 'truncate control.organization, control.entity cascade');
      await Promise.all([...all, ...all, ...all].map(() => record(...all)));
      expect(await keys()).toEqual(['Entity-1a2b', 'Entity-3c4d', 'Entity-5e6f', 'Entity-7a8b']);
    }
  });

  test('writes no row where Billing tells the same', async () => {
    const stored = async () => {
      const text = 'select xmin::text, * from control.entity';
      return (await database.pool.query<{ home_currency: string | null }>(text)).rows;
    };
    await record(billed('1a2b', 'US', 'USD'));
    const before = await stored();
    await record(billed('1a2b', 'US', 'USD'));
    await record(billed('1a2b', 'US'));
    expect(await stored()).toEqual(before);
    await record(billed('1a2b', 'United States', 'USD'));
    expect(await stored()).toMatchObject([{ display_name: 'United States', home_currency: 'USD' }]);
  });

  test('answers the entities under the keys they are known by', async () => {
    await record(billed('1a2b', 'Old name'));
    expect(await record(billed('1a2b', 'New name'))).toMatchObject([
      { entity: 'Old-name', billingId: '1a2b' },
    ]);
  });

  test('takes a home currency that comes later', async () => {
    await record(billed('1a2b', 'US'));
    await record(billed('1a2b', 'US', 'EUR'));
    const { rows } = await database.pool.query('select home_currency from control.entity');
    expect(rows).toEqual([{ home_currency: 'EUR' }]);
  });
});

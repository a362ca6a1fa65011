import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { collect, type CollectionResult } from '../../src/store/collect/collect.ts';
import { closeCollection, completeCollection, openCollection } from '../../src/store/collections.ts';
import { REFERENCES } from '../../src/store/fold-idle-collection.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { sampleTenant } from '../support/sample-tenant.ts';
import { syncRows } from '../support/sync-rows.ts';

const COUNTS = { contracts: '0', lines: '9', collected: '0', waiting: '4', stopped: '0' };

describe('collections that collect nothing', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  let first = '';
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => {
    org = `org-${(orgs += 1)}`;
    await syncRows(database, sampleTenant(), { entity: org, org });
    ({ collection: first } = await pass());
  });
  afterAll(() => database.close());

  let owners = 0;
  const open = async (): Promise<string> => {
    owners += 1;
    const owner = { workflowId: `data-collection/${org}`, runId: `run-${owners}` };
    return (await openCollection(database.db, org, owner)) ?? '';
  };
  const pass = async (): Promise<{ collection: string; result: CollectionResult }> => {
    const collection = await open();
    return { collection, result: await collect(database.db, org, collection) };
  };
  const left = () =>
    database.db
      .selectFrom('control.collection')
      .select(['collection', 'state', 'idle_collections', 'idle_since', 'opened_at'])
      .where('org', '=', org)
      .orderBy('collection')
      .execute();

  test('leave one row, beside that of the last one that did, which says how often and since when', async () => {
    await pass();
    const began = (await left()).at(-1);
    await pass();
    const { collection, result } = await pass();
    expect(result).toMatchObject({ collected: '0', contracts: '0' });
    expect(await left()).toMatchObject([
      { collection: first, idle_collections: 0, idle_since: null },
      { collection, idle_collections: 2, idle_since: began?.opened_at },
    ]);
  });

  test('are answered alike when a worker asks for the end of one that is folded by now', async () => {
    const { collection, result } = await pass();
    await pass();
    await pass();
    expect(await collect(database.db, org, collection)).toEqual(result);
    expect(await left()).toHaveLength(2);
  });

  test('stay where they found something else', async () => {
    const before = await open();
    await completeCollection(database.db, before, { ...COUNTS, waiting: '4' });
    const other = await open();
    await completeCollection(database.db, other, { ...COUNTS, waiting: '5' });
    expect((await left()).map(({ collection }) => collection)).toEqual([first, before, other]);
  });

  test.each([[{ ...COUNTS, contracts: '1' }], [{ ...COUNTS, collected: '2' }], [{ did: 'contract close' }]])(
    'are none that did %o',
    async (result) => {
      const all = [await open()];
      await completeCollection(database.db, all[0] ?? '', result);
      all.push(await open());
      await completeCollection(database.db, all[1] ?? '', result);
      expect((await left()).map(({ collection }) => collection)).toEqual([first, ...all]);
    },
  );

  test('are no others than those of the organisation, and none that was given up', async () => {
    const aborted = await open();
    await closeCollection(database.db, aborted, 'aborted', 'test');
    await pass();
    const { collection } = await pass();
    expect(await left()).toMatchObject([
      { collection: first },
      { collection: aborted, state: 'aborted' },
      { collection, idle_collections: 1 },
    ]);
  });

  test.each(REFERENCES)('stay where a row of %s refers to them', async (table) => {
    const { collection } = await pass();
    // Only what no collection does: it counted nothing, and yet something is its work.
    await sql`update ${sql.table(table)} set collection = ${collection} where org = ${org}`.execute(
      database.db,
    );
    await pass();
    expect((await left()).map((row) => row.collection)).toContain(collection);
  });

  test('every column that names a collection is known', async () => {
    const { rows } = await sql<{ name: string }>`
      select table_schema || '.' || table_name as name from information_schema.columns
      where column_name = 'collection' and table_schema in ('control', 'prestaging', 'staging', 'revenue')`.execute(
      database.db,
    );
    const known = [...REFERENCES, 'control.collection'];
    expect(rows.map(({ name }) => name).toSorted()).toEqual(known.toSorted());
  });
});

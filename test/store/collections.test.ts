import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { collect } from '../../src/store/collect/collect.ts';
import { closeCollection, openCollection } from '../../src/store/collections.ts';
import { openDatabase, openPool } from '../../src/store/database.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { sampleTenant } from '../support/sample-tenant.ts';
import { syncRows } from '../support/sync-rows.ts';

describe('two collections of one organisation', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => {
    org = `org-${(orgs += 1)}`;
    await syncRows(database, sampleTenant(), { entity: org, org });
  });
  afterAll(() => database.close());

  const open = (runId: string) => openCollection(database.db, org, { workflowId: `test/${org}`, runId });
  const opened = async (runId: string): Promise<string> => {
    const collection = await open(runId);
    if (collection === undefined) throw new Error('another collection is open');
    return collection;
  };
  const lines = async () =>
    (await database.db.selectFrom('revenue.line').select('line').where('org', '=', org).execute()).length;

  /** Runs what is to happen while a collection stands still half-way, then lets it go on. */
  const whileHalfWay = async <Result>(collection: string, meanwhile: () => Promise<Result>) => {
    const other = openDatabase(openPool(database.url, { connections: 1 }));
    try {
      const half = await other.transaction().execute(async (trx) => {
        await sql`lock table revenue.booking in access exclusive mode`.execute(trx);
        const running = collect(database.db, org, collection);
        await waiting(1);
        const result = meanwhile();
        return { running, result };
      });
      return { first: await half.running, other: await half.result };
    } finally {
      await other.destroy();
    }
  };
  const waiting = (count: number) =>
    expect
      .poll(async () => {
        const { rows } = await sql<{ waiting: string }>`
          select count(*) as waiting from pg_locks
          where not granted and database = (select oid from pg_database where datname = current_database())`.execute(
          database.db,
        );
        return Number(rows[0]?.waiting);
      })
      .toBe(count);

  test('do not run side by side: the second is refused until the first has ended', async () => {
    const collection = await opened('first');
    const { first, other } = await whileHalfWay(collection, () => open('second'));
    expect(first).toMatchObject({ collected: '3' });
    expect(other).toBeUndefined();
    expect(await collect(database.db, org, await opened('third'))).toMatchObject({
      lines: '0',
      collected: '0',
    });
    expect(await lines()).toBe(3);
  });

  test('are one when an attempt is repeated while the former still runs: it waits, and answers the same', async () => {
    const collection = await opened('first');
    const { first, other } = await whileHalfWay(collection, () => collect(database.db, org, collection));
    expect(other).toEqual(first);
    expect(await lines()).toBe(3);
  });

  test('do not meet when one is given up while it still works: what it did stands, and it was completed', async () => {
    const collection = await opened('first');
    await whileHalfWay(collection, () => closeCollection(database.db, collection, 'aborted', 'given up'));
    const { state } = await database.db
      .selectFrom('control.collection')
      .select('state')
      .where('collection', '=', collection)
      .executeTakeFirstOrThrow();
    expect(state).toBe('completed');
    expect(await lines()).toBe(3);
  });

  test('do not meet when one was given up before it began to work: it collects nothing', async () => {
    const collection = await opened('first');
    await closeCollection(database.db, collection, 'aborted', 'given up');
    const next = await opened('second');
    await expect(collect(database.db, org, collection)).rejects.toMatchObject({ code: 'COLLECTION_IS_OVER' });
    expect(await lines()).toBe(0);
    expect(await collect(database.db, org, next)).toMatchObject({ collected: '3' });
  });
});

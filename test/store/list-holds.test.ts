import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { eachHold, type HoldFilter, holdsOf, listHolds } from '../../src/store/list-holds.ts';
import { recordEntities } from '../../src/store/tenancy.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { openReader } from '../support/reader.ts';

describe('listHolds', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    const { db } = database;
    await recordEntities(
      db,
      ['north', 'south'].map((entity) => ({
        entity,
        org: entity,
        billingId: null,
        entityName: entity,
        displayName: entity,
        parent: null,
        timezone: null,
        homeCurrency: null,
      })),
    );
    await db
      .insertInto('staging.hold')
      .values(
        (
          [
            ['north', 'INV:1', 'waits-for-booking', 'waiting'],
            ['north', 'INV:2', 'missing-invoice-date', 'withheld'],
            ['south', 'INV:1', 'orphan-account', 'orphan'],
            ['south', 'INV:1', 'same-version-recollection', 'limitation'],
          ] as const
        ).map(([entity, line, limitation, kind]) => ({
          entity,
          org: entity,
          line,
          limitation,
          kind,
          message: 'What happened.',
          remedy: 'What to do.',
          since: '2024-01-31T23:30:00.5-02:00',
        })),
      )
      .execute();
  });
  afterAll(() => database.close());

  const found = async (filter: HoldFilter) =>
    (await listHolds(database.db, filter)).map(({ id, limitation }) => `${id} ${limitation}`);

  const ALL = [
    '1 waits-for-booking',
    '2 missing-invoice-date',
    '3 orphan-account',
    '4 same-version-recollection',
  ];

  test('a hold says what is wrong with which line, since when, and what to do', async () => {
    const [hold] = await listHolds(database.db, { limit: 1 });
    expect(hold).toEqual({
      id: '1',
      line: 'INV:1',
      limitation: 'waits-for-booking',
      kind: 'waiting',
      message: 'What happened.',
      remedy: 'What to do.',
      since: '2024-02-01T01:30:00.500000Z',
      org: 'north',
      entity: 'north',
    });
  });

  test.each([
    [{}, ALL],
    [{ org: 'north' }, ALL.slice(0, 2)],
    [{ entity: 'south' }, ALL.slice(2)],
    [{ kind: 'orphan' }, [ALL[2]]],
    [{ limitation: 'missing-invoice-date' }, [ALL[1]]],
    [{ org: 'south', kind: 'waiting' }, []],
    [{ limit: 2 }, ALL.slice(0, 2)],
    [{ limit: 2, after: '1' }, ALL.slice(1, 3)],
    [{ after: '4' }, []],
  ] as const)('filters and pages by %j', async (filter, expected) => {
    expect(await found(filter)).toEqual(expected);
  });

  test('finds those of given lines, told apart by entity', async () => {
    const holds = await holdsOf(database.db, [{ entity: 'south', id: 'INV:1' }]);
    expect(holds.map(({ id }) => id)).toEqual(['3', '4']);
  });

  test('a reader of one organisation sees the holds of no other', async () => {
    const reader = await openReader(database, ['south']);
    try {
      expect((await listHolds(reader.db, {})).map(({ org }) => org)).toEqual(['south', 'south']);
    } finally {
      await reader.close();
    }
  });

  test('hands out any number of holds, page by page, up to the limit', async () => {
    await sql`
      insert into staging.hold (entity, org, line, limitation, kind, message, remedy)
      select 'many', 'many', 'INV:' || n, 'waits-for-booking', 'waiting', '', ''
      from generate_series(1, 4500) as n`.execute(database.db);
    const sizes = async (filter: HoldFilter) => {
      const pages: number[] = [];
      await eachHold(database.db, filter, async (page) => void pages.push(page.length));
      return pages;
    };
    expect(await sizes({ org: 'many' })).toEqual([2000, 2000, 500]);
    expect(await sizes({ org: 'many', limit: 2001 })).toEqual([2000, 1]);
    expect(await sizes({ org: 'none' })).toEqual([]);
  });
});

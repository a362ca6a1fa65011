import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { eachFinding, type FindingFilter, listFindings } from '../../src/store/list-findings.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { openReader } from '../support/reader.ts';
import { recordTenant } from '../support/sync-rows.ts';

const FOUND = [
  ['north', 'InvoiceItem', '1', 'INV:1', '10', null],
  ['north', 'InvoiceItem', '2', 'INV:2', '20', '2024-02-02T00:00:00Z'],
  ['south', 'InvoiceItem', '1', 'INV:1', '30.5', null],
  ['south', 'Account', 'acc', null, null, null],
] as const;

describe('listFindings', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    for (const entity of ['north', 'south']) await recordTenant(database, entity, entity);
    await database.db
      .insertInto('staging.finding')
      .values(
        FOUND.map(([entity, object, source, line, amount, resolved]) => ({
          entity,
          org: entity,
          finding: object === 'Account' ? 'another' : 'deleted-in-billing',
          object,
          source_id: source,
          line,
          amount,
          currency: amount === null ? null : 'USD',
          detail: '{}',
          message: 'What happened.',
          remedy: 'What to do.',
          run: '1',
          since: '2024-01-31T23:30:00.5-02:00',
          resolved_at: resolved,
        })),
      )
      .execute();
  });
  afterAll(() => database.close());

  const found = async (filter: FindingFilter) =>
    (await listFindings(database.db, filter)).map(({ id }) => id);

  test('a finding says what was found, about which row and line, since when, and what to do', async () => {
    const [, finding] = await listFindings(database.db, { limit: 2 });
    expect(finding).toEqual({
      id: '2',
      finding: 'deleted-in-billing',
      entity: 'north',
      org: 'north',
      object: 'InvoiceItem',
      source: '2',
      line: 'INV:2',
      amount: '20.00',
      currency: 'USD',
      message: 'What happened.',
      remedy: 'What to do.',
      since: '2024-02-01T01:30:00.500000Z',
      resolved: '2024-02-02T00:00:00.000000Z',
    });
  });

  test('what has no amount and concerns no line has null there', async () => {
    const [finding] = await listFindings(database.db, { after: '3' });
    expect(finding).toMatchObject({ line: null, amount: null, currency: null, resolved: null });
  });

  test.each([
    [{}, ['1', '2', '3', '4']],
    [{ org: 'north' }, ['1', '2']],
    [{ entity: 'south' }, ['3', '4']],
    [{ finding: 'deleted-in-billing' }, ['1', '2', '3']],
    [{ line: 'INV:1' }, ['1', '3']],
    [{ open: true }, ['1', '3', '4']],
    [{ open: true, org: 'north', finding: 'another' }, []],
    [{ limit: 2 }, ['1', '2']],
    [{ limit: 2, after: '1' }, ['2', '3']],
    [{ after: '4' }, []],
  ])('filters and pages by %j', async (filter, expected) => {
    expect(await found(filter)).toEqual(expected);
  });

  test('a reader of one organisation sees the findings of no other', async () => {
    const reader = await openReader(database, ['south']);
    try {
      expect((await listFindings(reader.db, {})).map(({ org }) => org)).toEqual(['south', 'south']);
    } finally {
      await reader.close();
    }
  });

  test('one row is found once, also where it concerns no line', async () => {
    const again = sql`
      insert into staging.finding (entity, org, finding, object, source_id, message, remedy, run)
      values ('south', 'south', 'another', 'Account', 'acc', '', '', 1)`;
    await expect(again.execute(database.db)).rejects.toThrow(/finding_once/);
  });

  test('hands out any number of findings, page by page, up to the limit', async () => {
    await sql`
      insert into staging.finding (entity, org, finding, object, source_id, message, remedy, run)
      select 'many', 'many', 'another', 'Account', n, '', '', 1 from generate_series(1, 4500) as n`.execute(
      database.db,
    );
    const sizes = async (filter: FindingFilter) => {
      const pages: number[] = [];
      await eachFinding(database.db, filter, async (page) => void pages.push(page.length));
      return pages;
    };
    expect(await sizes({ org: 'many' })).toEqual([2000, 2000, 500]);
    expect(await sizes({ org: 'many', limit: 2001 })).toEqual([2000, 1]);
    expect(await sizes({ org: 'none' })).toEqual([]);
  });
});

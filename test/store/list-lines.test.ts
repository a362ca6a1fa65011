import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { STAGING_FIELDS } from '../../src/domain/mapping/staging-fields.ts';
import { eachLine, listLines } from '../../src/store/list-lines.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { openReader } from '../support/reader.ts';
import { sampleTenant, withChanged } from '../support/sample-tenant.ts';
import { collectOrg, syncRows } from '../support/sync-rows.ts';

/**
 * Organisation `default` has everything collected; in `north` one item waits for its period, one refers to
 * a subscription that has not come, and the charge has a new version.
 */
describe('listLines', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await syncRows(database, sampleTenant());
    await collectOrg(database);

    const rows = sampleTenant();
    const [later] = rows['Invoice'] ?? [];
    const invoices = [...(rows['Invoice'] ?? []), { ...later, Id: 'inv2', InvoiceDate: '2024-05-10' }];
    const items = withChanged({ ...rows, Invoice: invoices }, 'InvoiceItem', 'item1', { InvoiceId: 'inv2' });
    const north = withChanged(items, 'InvoiceItem', 'item2', { SubscriptionId: 'gone' });
    await syncRows(database, north, { entity: 'north', org: 'north' });
    await collectOrg(database, 'north');
  });
  afterAll(() => database.close());

  const idsOf = async (filter: Parameters<typeof listLines>[1]) =>
    (await listLines(database.db, filter)).map(({ id, entity }) => `${entity} ${id}`);

  test('gives all lines of all entities in id order, collected ones included', async () => {
    expect(await idsOf({})).toEqual([
      'demo INV:item1',
      'north INV:item1',
      'demo INV:item2',
      'north INV:item2',
      'demo SO:orig.1@1',
      'north SO:orig.1@1',
    ]);
  });

  test('a line says where it stands and what holds it', async () => {
    const north = await listLines(database.db, { entity: 'north' });
    expect(
      north.map(({ id, status, holds }) => [id, status, ...holds.map(({ limitation }) => limitation)]),
    ).toEqual([
      ['INV:item1', 'waiting', 'waits-for-open-period'],
      ['INV:item2', 'held', 'orphan-subscription'],
      ['SO:orig.1@1', 'collected'],
    ]);
    expect(north[1]?.holds[0]).toMatchObject({
      line: 'INV:item2',
      kind: 'orphan',
      message: expect.stringMatching(/^InvoiceItem item2 .* Subscription gone/),
      remedy: expect.stringMatching(/arrives/),
      since: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/),
    });
  });

  test('has every field by its label: exact text, days as days, null where nothing is', async () => {
    const [line] = await listLines(database.db, { entity: 'demo', type: 'SO' });
    expect(line).toMatchObject({ type: 'SO', status: 'collected', org: 'default', subscription: 'S-1' });
    expect(Object.keys(line?.fields ?? {})).toEqual(STAGING_FIELDS.map(({ label }) => label));
    expect(line?.fields).toMatchObject({
      'Ext Sell Price': '1200.00',
      'Ext List Price': '1500.00',
      'Ordered Qty': '2',
      Duration: '12',
      'Revenue Start Date': '2024-01-01',
      'Invoice Num': null,
      ATR1: null,
      ATR60: null,
    });
  });

  test('names the billing rows behind a line, with the version each had', async () => {
    const [line] = await listLines(database.db, { entity: 'demo', type: 'INV' });
    expect(line?.lineage).toMatchObject({
      template: 'Invoice Template (Pre-Configured)',
      templateVersion: 1,
    });
    expect(line?.lineage.sources).toContainEqual({
      object: 'Subscription',
      id: 'sub1',
      updatedDate: '2024-01-05T10:00:00.000000Z',
      paths: ['Subscription'],
      changedSince: false,
    });
  });

  test.each([
    [{ org: 'north' }, ['north INV:item1', 'north INV:item2', 'north SO:orig.1@1']],
    [{ entity: 'demo', type: 'SO' }, ['demo SO:orig.1@1']],
    [{ status: 'waiting' }, ['north INV:item1']],
    [{ status: 'held' }, ['north INV:item2']],
    [{ org: 'north', status: 'collected' }, ['north SO:orig.1@1']],
    [{ org: 'default', subscription: 'S-1', type: 'INV' }, ['demo INV:item1', 'demo INV:item2']],
    [{ subscription: 'S-2' }, []],
    [{ hold: 'orphan-subscription' }, ['north INV:item2']],
    [{ hold: 'orphan-account' }, []],
    [{ org: 'nowhere' }, []],
  ] as const)('filters by %j', async (filter, expected) => {
    expect(await idsOf(filter)).toEqual(expected);
  });

  test('pages with the last id seen; lines of one id in two entities stay together', async () => {
    expect(await idsOf({ org: 'default', limit: 2 })).toEqual(['demo INV:item1', 'demo INV:item2']);
    expect(await idsOf({ org: 'default', limit: 2, after: 'INV:item2' })).toEqual(['demo SO:orig.1@1']);
    expect(await idsOf({ org: 'default', after: 'SO:orig.1@1' })).toEqual([]);
    expect(await idsOf({ limit: 1 })).toEqual(['demo INV:item1', 'north INV:item1']);
  });

  test('shows superseded and rejected lines, too', async () => {
    const state = (status: string) =>
      sql`update staging.line_state set status = ${status} where entity = 'north' and id = 'INV:item2'`.execute(
        database.db,
      );
    for (const status of ['superseded', 'rejected', 'ready', 'stopped'] as const) {
      await state(status);
      expect(await idsOf({ status })).toEqual(['north INV:item2']);
    }
    await state('held');
  });

  test('a reader of one organisation sees the lines of no other', async () => {
    const reader = await openReader(database, ['north']);
    try {
      const lines = await listLines(reader.db, {});
      expect(lines.map(({ entity, id }) => `${entity} ${id}`)).toEqual(await idsOf({ org: 'north' }));
      expect(lines[0]?.holds).toHaveLength(1);
      expect(lines[0]?.lineage.sources.length).toBeGreaterThan(5);
      expect(await listLines(reader.db, { org: 'default' })).toEqual([]);
    } finally {
      await reader.close();
    }
  });

  test('hands out many lines batch by batch, each once', async () => {
    await sql`
      insert into staging.line (entity, org, id, type, source_object, source_id, template, template_version, run, sources)
      select 'many', 'many', 'CM:' || lpad(n::text, 5, '0'), 'CM', 'CreditMemoItem', n::text, 'none', 1, 1,
        array[timestamptz '2024-01-01 00:00Z']
      from generate_series(1, 1200) as n`.execute(database.db);
    await sql`
      insert into staging.line_state (entity, org, id, status)
      select entity, org, id, 'ready' from staging.line where entity = 'many'`.execute(database.db);
    const sizes: number[] = [];
    const ids: string[] = [];
    await eachLine(database.db, { entity: 'many', limit: 1100 }, async (lines) => {
      sizes.push(lines.length);
      ids.push(...lines.map(({ id }) => id));
    });
    expect(sizes).toEqual([500, 500, 100]);
    expect(new Set(ids).size).toBe(1100);
    expect(ids).toEqual(ids.toSorted());
    const [line] = await listLines(database.db, { entity: 'many', limit: 1 });
    expect(line?.lineage.sources).toEqual([
      {
        object: 'CreditMemoItem',
        id: '1',
        updatedDate: '2024-01-01T00:00:00.000000Z',
        paths: ['CreditMemoItem'],
        changedSince: false,
      },
    ]);
  });
});

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readDataSources } from '../../../src/store/readiness/data-sources.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { recordTenant, syncRows } from '../../support/sync-rows.ts';

describe('readDataSources', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordTenant(database, 'empty', 'empty');
    await syncRows(database, sampleTenant());
  });
  afterAll(() => database.close());

  test('says of each entity by which run and as of when it is here, and what no run has brought', async () => {
    const [demo, empty] = await readDataSources(database.db);
    expect(demo).toMatchObject({
      entity: 'demo',
      source: 'sync',
      run: '1',
      asOf: '2024-02-15T00:00:00.000000Z',
    });
    expect(demo?.notRead).toContain('CreditBalanceAdjustment');
    expect(demo?.notRead).not.toContain('InvoiceItem');
    expect(empty).toMatchObject({ entity: 'empty', source: 'none', run: null, asOf: null });
  });

  test('reads one entity when one is named', async () => {
    expect((await readDataSources(database.db, 'empty')).map(({ entity }) => entity)).toEqual(['empty']);
  });

  test('misses no memos where there is no Invoice Settlement, and misses them where there is', async () => {
    const missing = async () => (await readDataSources(database.db, 'demo'))[0]?.notRead ?? [];
    expect(await missing()).not.toContain('CreditMemo');
    await sql`update control.entity set invoice_settlement = true where entity = 'demo'`.execute(database.db);
    expect(await missing()).toContain('CreditMemo');
  });

  test('goes by what the export asked for while no sync has settled that', async () => {
    await sql`update control.entity set invoice_settlement = null where entity = 'demo'`.execute(database.db);
    const askedFor = async (...asked: string[]) => {
      await sql`update control.run set asked = ${asked}`.execute(database.db);
      return (await readDataSources(database.db, 'demo'))[0]?.notRead.includes('CreditMemo');
    };
    expect(await askedFor()).toBe(true);
    expect(await askedFor('Account 12ab')).toBe(false);
    expect(await askedFor('Account 12ab', 'CreditMemo 34cd')).toBe(true);
  });
});

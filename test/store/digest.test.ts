import { describe, expect, test } from 'vitest';

import { digest } from '../../src/store/digest.ts';
import { closeSide, openSide, planSideJobs, rememberDeletes } from '../../src/store/sides.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { sampleTenant } from '../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../support/sync-rows.ts';
import { load, type Opened, showKeys, tellDeleted } from './load/load-ground.ts';

type Row = Record<string, string | null>;

const tenant = sampleTenant();
const items = tenant['InvoiceItem'] ?? [];
const gone = items[0]?.['Id'] ?? '';
const left = items.slice(1).flatMap((item) => item['Id'] ?? []);

/** As the export has a deleted row: its own UpdatedDate, and who deleted it. */
const deletedRow: Row = {
  ...items[0],
  Deleted: 'true',
  UpdatedDate: '2024-02-01T00:00:00Z',
  UpdatedById: 'somebody',
};

/** Ways to learn that the first invoice item is deleted. */
const ROUTES: Record<string, (database: TestDatabase, run: Opened) => Promise<unknown>> = {
  'the export': (database, run) => load(database, run, 'InvoiceItem', [deletedRow]),
  'Data Query': async (database, run) => {
    const { db } = database;
    await openSide(db, { ...run, side: 'deletes', from: null, to: '2024-02-15T00:00:00Z' });
    await planSideJobs(db, run, 'deletes', [
      { part: 'InvoiceItem', object: 'InvoiceItem', query: 'select id from invoiceitem' },
    ]);
    await rememberDeletes(db, run, new Map([['InvoiceItem', false]]));
    await tellDeleted(database, run, 'InvoiceItem', [gone]);
    await closeSide(db, run.run, 'deletes', { state: 'done', note: '1 row' });
  },
  'its missing key': (database, run) => showKeys(database, run, 'InvoiceItem', left),
  'Data Query, and later the export': async (database, run) => {
    await tellDeleted(database, run, 'InvoiceItem', [gone]);
    await load(database, run, 'InvoiceItem', [deletedRow]);
  },
};

async function stateAfter(
  beside: (database: TestDatabase, run: Opened) => Promise<unknown>,
  { collected, rows = {} }: { collected: boolean; rows?: Rows },
) {
  const database = await openTestDatabase();
  try {
    await syncRows(database, tenant);
    if (collected) await collectOrg(database);
    const { balance } = await syncRows(database, rows, { beside: (run) => beside(database, run) });
    expect(balance.unequal).toEqual([]);
    return (await digest(database.db)).tables;
  } finally {
    await database.close();
  }
}

describe('digest', () => {
  test.each([
    ['before it is collected', false],
    ['after it is collected', true],
  ])('does not tell how a deletion became known, %s', async (_when, collected) => {
    const [first, ...others] = Object.entries(ROUTES);
    const expected = await stateAfter(first?.[1] ?? (async () => undefined), { collected });
    for (const [route, beside] of others) {
      expect(await stateAfter(beside, { collected }), route).toEqual(expected);
    }
    expect(await stateAfter(async () => undefined, { collected }), 'no deletion').not.toEqual(expected);
  });

  test('tells the date of a living row', async () => {
    const newer = [{ ...items[0], UpdatedDate: '2024-02-01T00:00:00Z' }];
    const none = async () => undefined;
    const before = await stateAfter(none, { collected: false });
    const after = await stateAfter(none, { collected: false, rows: { InvoiceItem: newer } });
    expect(after['prestaging.invoice_item']).not.toBe(before['prestaging.invoice_item']);
  });
});

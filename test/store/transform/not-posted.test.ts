import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { apart, together } from '../../support/apart.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { lineReader } from '../../support/line-reader.ts';
import { adjustment, memo } from '../../support/rich-tenant.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { type Rows, syncRows } from '../../support/sync-rows.ts';

const STATUSES = ['Draft', 'Canceled', 'Error', null];

describe('a document that is not posted', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test.each([
    ['Invoice', 'inv1', 'InvoiceItem', {}],
    ['Invoice', 'inv1', 'InvoiceItemAdjustment', { InvoiceItemAdjustment: [adjustment()] }],
    ['InvoiceItemAdjustment', 'adj1', 'InvoiceItemAdjustment', { InvoiceItemAdjustment: [adjustment()] }],
    ['CreditMemo', 'cm1', 'CreditMemoItem', memo('CreditMemo')],
    ['DebitMemo', 'dm1', 'DebitMemoItem', memo('DebitMemo')],
  ] as const)('%s %s: forms no line of %s until it is', async (object, id, driver, more) => {
    const entity = `${object}-of-${driver}`;
    const posted: Rows = { ...sampleTenant(), ...more };
    const as = (status: string | null): Rows => withChanged(posted, object, id, { Status: status });
    const { balance } = await syncRows(
      database,
      together(STATUSES.map((status) => apart(as(status), `-${status}`))),
      { entity, org: entity },
    );
    const lines = async () =>
      (await lineReader(database).lines(entity)).filter((line) => line['source_object'] === driver).length;
    const count = balance.rows.find((row) => row.object === driver && row.measure === 'count');
    const extracted = String((posted[driver]?.length ?? 0) * STATUSES.length);
    expect(count).toMatchObject({ extracted, excluded: extracted, exclusions: { 'not-posted': extracted } });
    expect(balance.unequal).toEqual([]);
    expect(await lines()).toBe(0);

    const later = (posted[object] ?? []).map((row) => ({ ...row, UpdatedDate: '2024-01-20T10:00:00Z' }));
    await syncRows(database, together(STATUSES.map((status) => apart({ [object]: later }, `-${status}`))), {
      entity,
      org: entity,
      settlement: object.endsWith('Memo'),
    });
    expect(String(await lines())).toBe(extracted);
  });
});

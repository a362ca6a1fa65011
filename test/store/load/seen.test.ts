import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { syncRows } from '../../support/sync-rows.ts';

describe('what the balance sees of a file', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test.each([
    ['1e2', '200'],
    ['-1.5E+1', '85'],
    ['100.000', '200'],
    ['ten', '100'],
    ['NaN', '100'],
  ])('of %s and 100.00 is %s, as the lines have it', async (written, extracted) => {
    const entity = `of-${written.replaceAll(/[^\w.-]/g, '')}`;
    const rows = withChanged(sampleTenant(), 'InvoiceItem', 'item1', { ChargeAmount: written });
    const { balance } = await syncRows(database, rows, { entity, org: entity });
    expect(balance.unequal).toEqual([]);
    const amounts = balance.rows.filter(
      ({ object, measure }) => object === 'InvoiceItem' && measure === 'amount',
    );
    expect(amounts).toMatchObject([{ currency: 'USD', extracted, staged: extracted }]);
  });
});

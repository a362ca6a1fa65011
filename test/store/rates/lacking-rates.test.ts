import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { oldestLacking } from '../../../src/store/rates/lacking-rates.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { syncRows } from '../../support/sync-rows.ts';

describe('the oldest day that lines wait for a rate of', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const sync = (entity: string, currency: string, ordered: string | null = null) => {
    const account = withChanged(sampleTenant(), 'Account', 'acc', { Currency: currency });
    const rows = (account['RatePlanCharge'] ?? []).map((row) =>
      ordered === null ? row : { ...row, OriginalOrderDate: ordered },
    );
    return syncRows(database, { ...account, RatePlanCharge: rows }, { entity, org: entity, home: 'USD' });
  };
  const lacking = (entity: string) => oldestLacking(database.db, entity);

  test('is told of a pair of currencies, in either order, of one entity', async () => {
    await sync('euros', 'EUR');
    await sync('yen', 'JPY');
    const ofEuros = await lacking('euros');
    expect([ofEuros('EUR', 'USD'), ofEuros('USD', 'EUR'), ofEuros('JPY', 'USD')]).toEqual([
      '2024-01-02',
      '2024-01-02',
      null,
    ]);
    expect((await lacking('yen'))('USD', 'JPY')).toBe('2024-01-02');
  });

  test('is none where no line waits any more, or never did', async () => {
    await sync('dollars', 'USD');
    expect((await lacking('dollars'))('EUR', 'USD')).toBeNull();
    await sync('gone', 'EUR');
    await sql`delete from staging.hold where entity = 'gone'`.execute(database.db);
    expect((await lacking('gone'))('EUR', 'USD')).toBeNull();
  });

  test('leaves out days that no run asks for', async () => {
    await sync('mistyped', 'EUR', '0201-01-01');
    expect((await lacking('mistyped'))('EUR', 'USD')).toBe('2024-01-10');
  });
});

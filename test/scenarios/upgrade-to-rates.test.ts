import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { openDatabase, openPool } from '../../src/store/database.ts';
import { rejectHold } from '../../src/store/holds/reject.ts';
import { releaseHold } from '../../src/store/holds/release.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { linesOf, recollected, STOPPED } from '../support/held-lines.ts';
import { lineReader } from '../support/line-reader.ts';
import { sampleTenant, withChanged } from '../support/sample-tenant.ts';
import { collectOrg, syncRows } from '../support/sync-rows.ts';

const MIGRATION = join(import.meta.dirname, '../../schema/migrations/0014_exchange_rates.sql');

/** Lines as they were before they were converted, and what the migration makes of them. */
describe('a database from before lines were converted', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const forget = () =>
    sql`update staging.line set func_ex_rate = null, inverse_func_ex_rate = null, func_ex_rate_date = null,
      func_ex_rate_source = null, functional_ext_sell_price = null, reporting_currency = null, global_ex_rate = null,
      inverse_global_ex_rate = null, global_ex_rate_date = null, global_ex_rate_source = null,
      reporting_ext_sell_price = null`.execute(database.db);
  const migrate = async (): Promise<void> => {
    const statements = (await readFile(MIGRATION, 'utf8')).match(/^update staging\.line[^;]*;/gm) ?? [];
    expect(statements).toHaveLength(2);
    for (const statement of statements) await database.pool.query(statement);
  };
  const decision = { org: 'default', reason: 'as agreed', by: 'ann', request: 'r1' } as const;
  const statuses = () => linesOf(database, 'default').statuses();
  const stopped = async (): Promise<void> => {
    await syncRows(database, sampleTenant());
    await collectOrg(database);
    await syncRows(database, recollected());
    await forget();
  };

  test('collects what was released before', async () => {
    await stopped();
    await releaseHold(database.db, { ...decision, lines: [STOPPED], as: 'correction' });
    await migrate();
    await collectOrg(database);
    expect(await statuses()).toContain(`${STOPPED} collected`);
  });

  test('keeps what was rejected before', async () => {
    await stopped();
    await rejectHold(database.db, { ...decision, lines: [STOPPED] });
    await migrate();
    await syncRows(database, recollected('3', '1800.00', '2024-02-09T00:00:00Z'));
    expect(await statuses()).toContain(`${STOPPED} rejected`);
    expect(await linesOf(database, 'default').holds()).toEqual([]);
  });

  test('forms lines in other currencies anew, by rates that came long ago', async () => {
    const rate = { Id: 'r', FromCurrency: 'EUR', ToCurrency: 'USD', Rate: '1.1', RateDate: '2023-12-31' };
    await syncRows(database, {
      ...withChanged(sampleTenant(), 'Account', 'acc', { Currency: 'EUR' }),
      ExchangeRate: [rate],
    });
    const owner = openDatabase(openPool(database.url, { connections: 1 }));
    await sql`truncate control.exchange_rate`.execute(owner);
    await owner.destroy();
    await forget();
    await migrate();
    await syncRows(database, {});
    const lines = await lineReader(database).lines('demo');
    expect(lines.map(({ id, functional_ext_sell_price: worth }) => `${id} ${worth}`)).toEqual([
      'INV:item1 110.00',
      'INV:item2 110.00',
      'SO:orig.1@1 1320.00',
    ]);
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { adjustment, memo } from '../support/rich-tenant.ts';
import { sampleTenant } from '../support/sample-tenant.ts';
import { syncRows } from '../support/sync-rows.ts';

const MIGRATION = join(import.meta.dirname, '../../schema/migrations/0017_invoice_settlement.sql');

/** Entities that switched before the day was kept, and what the migration makes of them. */
describe('a database from before switch dates were kept', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const migrate = async (): Promise<void> => {
    await sql`update control.entity set settled_on = null`.execute(database.db);
    const statements = (await readFile(MIGRATION, 'utf8')).match(/^update control\.entity[^;]*;/gm) ?? [];
    expect(statements).toHaveLength(1);
    for (const statement of statements) await database.pool.query(statement);
  };
  const switchDate = async () => {
    const { rows } = await sql<{ day: string | null }>`
      select settled_on::text as day from control.entity`.execute(database.db);
    return rows[0]?.day;
  };
  const adjusted = () =>
    syncRows(database, { ...sampleTenant(), InvoiceItemAdjustment: [adjustment()] }, { settlement: false });
  const memos = async () => {
    const { run } = await syncRows(database, memo('CreditMemo'), { settlement: true });
    return run;
  };

  test('takes the day on which the first run that asked for memos ended', async () => {
    await adjusted();
    const run = await memos();
    await sql`update control.run set asked = '{CreditMemo 0f,CreditMemoItem 0f}', window_to = '2024-02-20T12:00:00Z'
      where run = ${run}`.execute(database.db);
    await migrate();
    expect(await switchDate()).toBe('2024-02-20');
  });

  test('takes the day after the newest adjustment was read where no run tells', async () => {
    await adjusted();
    await memos();
    await migrate();
    expect(await switchDate()).toBe('2024-02-16');
  });

  test('takes none where no adjustment ever counted', async () => {
    await syncRows(database, { ...sampleTenant(), ...memo('CreditMemo') });
    await migrate();
    expect(await switchDate()).toBeNull();
  });
});

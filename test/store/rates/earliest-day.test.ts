import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { earliestDay } from '../../../src/store/rates/earliest-day.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { loadRows } from '../../support/sync-rows.ts';
import { inRun } from '../load/load-ground.ts';

describe('the earliest day that a line may need a rate of', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const load = (entity: string, object: string, ...rows: Readonly<Record<string, string | null>>[]) =>
    inRun(database, entity, (run) => loadRows(database, run, object, rows));

  test('is the oldest date of a booking or a billing of the entity', async () => {
    expect(await earliestDay(database.db, 'dates')).toBeNull();
    const [invoice = {}] = sampleTenant()['Invoice'] ?? [];
    await load('dates', 'Invoice', { ...invoice, Id: 'i1', InvoiceDate: '2024-02-01' });
    expect(await earliestDay(database.db, 'dates')).toBe('2024-02-01');
    const [charge = {}] = sampleTenant()['RatePlanCharge'] ?? [];
    await load('dates', 'RatePlanCharge', { ...charge, Id: 'c1', OriginalOrderDate: '2023-12-24' });
    await load('dates', 'RatePlanCharge', {
      ...charge,
      Id: 'c2',
      OriginalOrderDate: '1999-01-01',
      Deleted: 'true',
    });
    await load('others', 'Invoice', { ...invoice, Id: 'i1', InvoiceDate: '2020-02-01' });
    expect(await earliestDay(database.db, 'dates')).toBe('2023-12-24');
  });
});

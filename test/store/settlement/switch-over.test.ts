import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { settlementState, switchOver } from '../../../src/store/settlement/switch-over.ts';
import { rememberInvoiceSettlement } from '../../../src/store/tenancy.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { recordTenant } from '../../support/sync-rows.ts';

/** Still the last of July in California. */
const AT = '2025-08-01T03:00:00Z';

describe('the day on which memos take over', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => {
    entity = `entity-${(entities += 1)}`;
    await recordTenant(database, entity, entity);
  });
  afterAll(() => database.close());
  const dated = async () => (await settlementState(database.db, entity)).switchDate;
  const switched = (switchDate?: string) => switchOver(database.db, { entity, switchDate, at: AT });
  const zoned = (timezone: string) =>
    database.db.updateTable('control.entity').set({ timezone }).where('entity', '=', entity).execute();

  test.each([
    ['America/Los_Angeles', '2025-07-31'],
    ['Asia/Tokyo', '2025-08-01'],
    ['No/Such_Zone', '2025-08-01'],
  ])('is that of the switch-over where the entity is (%s)', async (timezone, day) => {
    await zoned(timezone);
    await rememberInvoiceSettlement(database.db, entity, false, AT);
    expect(await switched()).toBe(day);
  });

  test('may be given, once; another one is refused', async () => {
    await rememberInvoiceSettlement(database.db, entity, false, AT);
    expect(await switched('2025-01-01')).toBe('2025-01-01');
    expect(await switched()).toBe('2025-01-01');
    expect(await switched('2025-01-01')).toBe('2025-01-01');
    await expect(switched('2025-02-01')).rejects.toMatchObject({ code: 'SWITCH_DATE_FIXED' });
    expect(await dated()).toBe('2025-01-01');
  });

  test('is recorded by the run that first finds Invoice Settlement on, and stays', async () => {
    await rememberInvoiceSettlement(database.db, entity, false, AT);
    expect(await dated()).toBeNull();
    await rememberInvoiceSettlement(database.db, entity, true, AT);
    await rememberInvoiceSettlement(database.db, entity, true, '2025-09-01T00:00:00Z');
    expect(await dated()).toBe('2025-08-01');
    await expect(switched('2025-02-01')).rejects.toMatchObject({ code: 'SWITCH_DATE_FIXED' });
  });

  test('is none for an entity that had memos from its first run on', async () => {
    await rememberInvoiceSettlement(database.db, entity, true, AT);
    expect(await dated()).toBeNull();
    expect(await settlementState(database.db, entity)).toMatchObject({
      settled: true,
      hasRuns: false,
      backfill: null,
    });
  });
});

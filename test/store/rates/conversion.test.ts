import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { listConversions } from '../../../src/store/rates/conversion.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { loadRows } from '../../support/sync-rows.ts';
import { inRun } from '../load/load-ground.ts';

describe('what an entity converts', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const load = (entity: string, object: string, ...rows: Readonly<Record<string, string | null>>[]) =>
    inRun(database, entity, (run) => loadRows(database, run, object, rows));

  test('is what its accounts that are not deleted have in other currencies than its own', async () => {
    const [account = {}] = sampleTenant()['Account'] ?? [];
    const of = (Id: string, Currency: string | null, more = {}) => ({ ...account, Id, Currency, ...more });
    await load(
      'a',
      'Account',
      of('1', 'USD'),
      of('2', 'JPY'),
      of('3', 'JPY'),
      of('4', null),
      of('5', 'KWD', { Deleted: 'true' }),
    );
    await load('b', 'Account', of('1', 'EUR'));
    expect(await listConversions(database.db)).toEqual([
      { entity: 'a', timezone: null, home: 'USD', inUse: ['JPY', 'USD'] },
      { entity: 'b', timezone: null, home: 'USD', inUse: ['EUR'] },
    ]);
    expect(await listConversions(database.db, 'b')).toHaveLength(1);
    expect(await listConversions(database.db, 'c')).toEqual([]);
  });
});

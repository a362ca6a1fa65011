import { afterAll, beforeAll, expect, test } from 'vitest';

import { ensureSeededTemplates } from '../../../src/store/templates.ts';
import { lackingTypes } from '../../../src/store/templates/lacking-types.ts';
import { recordEntities, rememberInvoiceSettlement } from '../../../src/store/tenancy.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
const entity = (name: string) => ({
  entity: name,
  org: 'default',
  billingId: `id-of-${name}`,
  entityName: name,
  displayName: name,
  parent: null,
  timezone: null,
  homeCurrency: 'USD',
});
beforeAll(async () => {
  database = await openTestDatabase();
  await recordEntities(database.db, [entity('adjusts'), entity('settled'), entity('unread')]);
  await rememberInvoiceSettlement(database.db, 'settled', true);
  await rememberInvoiceSettlement(database.db, 'adjusts', false);
});
afterAll(() => database.close());

test('entities lack what they form lines of, by whether credits come as memos', async () => {
  const { db } = database;
  expect(Object.fromEntries(await lackingTypes(db))).toEqual({
    adjusts: ['SO', 'INV', 'IIA'],
    settled: ['SO', 'INV', 'CM', 'DM'],
    unread: ['SO', 'INV'],
  });
  await ensureSeededTemplates(db);
  expect([...(await lackingTypes(db)).values()]).toEqual([[], [], []]);
});

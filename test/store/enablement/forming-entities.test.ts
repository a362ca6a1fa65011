import { afterAll, beforeAll, expect, test } from 'vitest';

import { formingEntities } from '../../../src/store/enablement/forming-entities.ts';
import { recordBillingSettings } from '../../../src/store/settings/billing-settings.ts';
import { rememberInvoiceSettlement } from '../../../src/store/tenancy.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { recordTenant, syncRows } from '../../support/sync-rows.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await openTestDatabase()));
afterAll(() => database.close());

/** As the settings of Billing tell it. */
const told = (entity: string, on: boolean) =>
  recordBillingSettings(
    database.db,
    { entity, rules: [], features: [{ feature: 'Invoice Settlement', on, how: 'told' }] },
    { by: 'test', workflowRun: null },
  );

test('entities have accounts or not, and Invoice Settlement as runs saw it, else as settings tell', async () => {
  await syncRows(database, sampleTenant(), { entity: 'seen', org: 'seen', settlement: true });
  await told('seen', false);
  const [account = {}] = sampleTenant()['Account'] ?? [];
  await syncRows(database, { Account: [{ ...account, Deleted: 'true' }] }, { entity: 'gone', org: 'gone' });
  for (const entity of ['parent', 'told']) await recordTenant(database, entity, entity);
  await told('told', true);
  await rememberInvoiceSettlement(database.db, 'gone', false);
  expect(await formingEntities(database.db)).toEqual([
    { entity: 'gone', org: 'gone', settlement: false, accounts: false, read: true },
    { entity: 'parent', org: 'parent', settlement: null, accounts: false, read: false },
    { entity: 'seen', org: 'seen', settlement: true, accounts: true, read: true },
    { entity: 'told', org: 'told', settlement: true, accounts: false, read: false },
  ]);
});

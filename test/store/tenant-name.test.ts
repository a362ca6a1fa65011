import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { listSettingChanges } from '../../src/store/settings/setting-changes.ts';
import { tenantNames, rememberTenantName, tenantName } from '../../src/store/tenant-name.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

describe('rememberTenantName', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test('keeps one name, and who gave which', async () => {
    expect(await tenantName(database.db)).toBeNull();
    await rememberTenantName(database.db, 'Acme', 'ann');
    await rememberTenantName(database.db, 'Acme Inc.', 'bob');
    await rememberTenantName(database.db, 'Acme Inc.', 'cleo');
    expect(await tenantName(database.db)).toBe('Acme Inc.');
    expect(await listSettingChanges(database.db)).toMatchObject([
      { kind: 'tenant-name', before: null, after: 'Acme', changedBy: 'ann' },
      { kind: 'tenant-name', before: 'Acme', after: 'Acme Inc.', changedBy: 'bob' },
    ]);
  });

  test('stands where the configuration has no name', async () => {
    await rememberTenantName(database.db, 'Acme Inc.', 'ann');
    const names = (configured: string | null) =>
      tenantNames(database.db, { tenant: 'demo', tenantName: configured });
    expect(await names(null)).toEqual({ tenant: 'demo', tenantName: 'Acme Inc.' });
    expect(await names('Configured')).toEqual({ tenant: 'demo', tenantName: 'Configured' });
  });
});

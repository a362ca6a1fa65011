import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { connectBilling, type ConnectedBilling } from '../../../src/billing/rest/billing.ts';
import { generateTenant } from '../../../src/billing/sandbox/generate-tenant.ts';
import { startSandbox } from '../../../src/billing/sandbox/server.ts';
import { parseTenantSpec } from '../../../src/billing/sandbox/tenant-spec.ts';
import { readConfiguration } from '../../../src/cli/configuration.ts';
import { readEntities } from '../../../src/cli/entity/read-entities.ts';
import { mapEntities } from '../../../src/store/tenancy/map-entities.ts';
import { rememberTenantName } from '../../../src/store/tenant-name.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

describe('reading entities from Billing', () => {
  let database: TestDatabase;
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let billing: ConnectedBilling;
  beforeAll(async () => {
    database = await openTestDatabase();
    sandbox = await startSandbox({
      tenant: generateTenant(parseTenantSpec('items=20,entities=2')),
      report: () => undefined,
      jobDelay: 0,
    });
    billing = connectBilling({ baseUrl: sandbox.url, clientId: 'sandbox', clientSecret: 'sandbox' });
  });
  afterAll(async () => {
    await billing.close();
    await sandbox.stop();
    await database.close();
  });

  const read = (entities: ConnectedBilling['entities'] = () => billing.entities(), into = database) =>
    readEntities({
      database: { ...into, login: { user: 'ann', role: 'worker', migrated: true } },
      billing: {
        url: sandbox.url,
        billing: { ...billing, entities },
        windowPolicy: () => Promise.reject(new Error('nobody syncs here')),
      },
      configuration: readConfiguration({}),
    });
  const orgs = (entities: Awaited<ReturnType<typeof read>>) =>
    Object.fromEntries(entities.map(({ entity, org }) => [entity, org]));

  test('answers them in the organisations that they are mapped to', async () => {
    expect(orgs(await read())).toEqual({
      'Sandbox-Entity-1': 'Sandbox-Entity-1',
      'Sandbox-Entity-2': 'Sandbox-Entity-2',
      'Sandbox-Global': 'Sandbox-Global',
    });
    const mapping = ['Sandbox-Entity-1', 'Sandbox-Entity-2'].map((entity) => ({
      entity,
      org: 'acme',
      name: null,
    }));
    await mapEntities(database.db, mapping, { by: 'ann', reason: 'Step 2' });
    const mapped = {
      'Sandbox-Entity-1': 'acme',
      'Sandbox-Entity-2': 'acme',
      'Sandbox-Global': 'Sandbox-Global',
    };
    expect(orgs(await read())).toEqual(mapped);
  });

  test('keeps those it was told of once when the list is kept from it, and leaves out those that Billing no longer lists', async () => {
    expect(Object.keys(orgs(await read(async () => [])))).toHaveLength(3);
    const [, ...others] = await billing.entities();
    expect(Object.keys(orgs(await read(async () => others)))).toEqual([
      'Sandbox-Entity-1',
      'Sandbox-Entity-2',
    ]);
  });

  test('leaves the name of a tenant without entities as the enablement was told it', async () => {
    const other = await openTestDatabase();
    await rememberTenantName(other.db, 'Acme Inc.', 'ann');
    expect(await read(async () => [], other)).toMatchObject([
      { entityName: 'Acme Inc.', displayName: 'Acme Inc.' },
    ]);
    await other.close();
  });
});

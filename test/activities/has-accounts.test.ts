import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { hasAccounts } from '../../activities/has-accounts.ts';
import type { Billing } from '../../src/billing/port.ts';
import { connectBilling, type ConnectedBilling } from '../../src/billing/rest/billing.ts';
import { generateTenant } from '../../src/billing/sandbox/generate-tenant.ts';
import { startSandbox } from '../../src/billing/sandbox/server.ts';
import { parseTenantSpec } from '../../src/billing/sandbox/tenant-spec.ts';
import { RevsyncError } from '../../src/domain/errors.ts';

describe('whether Billing has accounts of an entity', () => {
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let billing: ConnectedBilling;
  beforeAll(async () => {
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
  });

  test('is told by Billing', async () => {
    const ids = new Map((await billing.entities()).map(({ name, id }) => [name, id]));
    const accounts = (name: string) => hasAccounts(billing.forEntity(ids.get(name) ?? null));
    expect(await accounts('Global')).toBe(false);
    expect(await accounts('Entity 1')).toBe(true);
  });

  const refusing = (fate: 'fix-input' | 'retry'): Pick<Billing, 'zoql'> => ({
    zoql: () => {
      throw new RevsyncError('No.', { code: 'BILLING_PERMISSION_MISSING', fate, remedy: 'Ask.' });
    },
  });

  test('is not known where the credentials may not look', async () => {
    expect(await hasAccounts(refusing('fix-input'))).toBeNull();
  });

  test('is asked again where Billing is away', async () => {
    await expect(hasAccounts(refusing('retry'))).rejects.toMatchObject({ fate: 'retry' });
  });
});

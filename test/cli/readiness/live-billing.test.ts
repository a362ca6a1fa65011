import { describe, expect, onTestFinished, test } from 'vitest';

import { connectBilling } from '../../../src/billing/rest/billing.ts';
import { generateTenant } from '../../../src/billing/sandbox/generate-tenant.ts';
import { startSandbox } from '../../../src/billing/sandbox/server.ts';
import { parseTenantSpec } from '../../../src/billing/sandbox/tenant-spec.ts';
import { CATALOGUE } from '../../../src/domain/catalogue/catalogue.ts';
import { askBilling, type LiveBilling } from '../../../src/cli/readiness/live-billing.ts';
import { BILLING_RULES } from '../../../src/domain/settings/billing-rules.ts';

const DEMO = { entity: 'demo', billingId: null, homeCurrency: null };

/** Asks a sandbox whose tenant has all objects but some. */
async function asked(
  lacking: readonly string[],
  entities = [DEMO],
  refused: string | null = null,
): Promise<LiveBilling> {
  const objects = CATALOGUE.map(({ name }) => name).filter((name) => !lacking.includes(name));
  const tenant = { ...generateTenant(parseTenantSpec('items=20')), objects };
  const sandbox = await startSandbox({ tenant, report: () => undefined, jobDelay: 0 });
  onTestFinished(() => sandbox.stop());
  if (refused !== null) {
    const body = JSON.stringify({ kind: 'permission', match: refused });
    expect((await fetch(`${sandbox.url}/__sandbox/faults`, { method: 'POST', body })).status).toBe(200);
  }
  const billing = connectBilling({
    baseUrl: sandbox.url,
    clientId: 'sandbox',
    clientSecret: 'sandbox',
    exportFormat: 'csv',
  });
  onTestFinished(() => billing.close());
  return askBilling({ billing }, entities, { tenant: 'demo', tenantName: null });
}

describe('askBilling', () => {
  test('tells every setting with what it has to be, and which features are on', async () => {
    const { settings, features } = await asked([]);
    const ids = settings.map(({ setting }) => setting);
    expect(ids).toEqual(expect.arrayContaining(BILLING_RULES.map(({ id }) => id)));
    expect(settings.every(({ entity }) => entity === 'demo')).toBe(true);
    expect(features).toContainEqual(
      expect.objectContaining({ entity: 'demo', feature: 'Invoice Settlement', on: true }),
    );
  });

  test('names what the credentials lack, and what does not work without it', async () => {
    const { permissions, access } = await asked(['RatePlanCharge']);
    expect(access('demo', 'RatePlanCharge')).toBe('absent');
    expect(access('demo', 'InvoiceItem')).toBe('ok');
    expect(access('nobody', 'InvoiceItem')).toBeNull();
    const lacking = permissions.find(({ what }) => what.includes('RatePlanCharge'));
    expect(lacking).toMatchObject({ entities: ['demo'], state: 'missing' });
    expect(lacking?.consequence).not.toBe('');
    expect(lacking?.remedy).not.toBe('');
  });

  test('names an object that is refused and that only rules have to look at', async () => {
    const { permissions, access } = await asked([], [DEMO], 'CreditBalanceAdjustment');
    expect(access('demo', 'CreditBalanceAdjustment')).toBe('refused');
    const refused = permissions.filter(({ what }) => what === 'CreditBalanceAdjustment');
    expect(refused).toMatchObject([
      {
        state: 'refused',
        entities: ['demo'],
        consequence: expect.stringMatching(/Cannot be told without it: .*\bcredit-balance-adjustment\b/),
      },
    ]);
  });

  test('says nothing of entities that whoever asks does not see', async () => {
    const { settings, permissions } = await asked(['RatePlanCharge'], []);
    expect([settings, permissions]).toEqual([[], []]);
  });
});

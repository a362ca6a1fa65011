import { createServer } from 'node:http';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { generateTenant } from '../../../src/billing/sandbox/generate-tenant.ts';
import { startSandbox } from '../../../src/billing/sandbox/server.ts';
import { parseTenantSpec } from '../../../src/billing/sandbox/tenant-spec.ts';
import type { BillingReport } from '../../../src/cli/doctor/billing-report.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';

interface Findings {
  readonly configuration: { name: string; value: string | null; source: string }[];
  readonly checks: { check: string; ok: boolean; message: string; remedy: string | null }[];
  readonly billing: BillingReport | null;
}

const doctor = async (env: Record<string, string>, ...flags: readonly string[]) => {
  const { exit, json } = await runCommand(['doctor', '--json', ...flags], env);
  const findings = json() as Findings;
  const failed = findings.checks.filter(({ ok }) => !ok).map(({ check }) => check);
  return { exit, failed, ...findings };
};

/** A sandbox of its own; `fault` is what goes wrong there. */
async function sandboxUrl(fault?: object): Promise<string> {
  const tenant = generateTenant(parseTenantSpec('items=20'));
  const sandbox = await startSandbox({ tenant, report: () => {}, jobDelay: 10 });
  onTestFinished(() => sandbox.stop());
  if (fault !== undefined) {
    const reply = await fetch(`${sandbox.url}/__sandbox/faults`, {
      method: 'POST',
      body: JSON.stringify(fault),
    });
    expect(reply.status).toBe(200);
  }
  return sandbox.url;
}

/** A Billing that refuses whatever is asked. */
async function refusingBilling(): Promise<string> {
  const server = createServer((_request, response) => void response.writeHead(401).end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

describe('revsync doctor', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test('starts nothing: embedded servers that do not run are no failure', async () => {
    const { exit, checks, billing } = await doctor({});
    expect([exit, billing]).toEqual([0, null]);
    expect(checks.map(({ check }) => check)).toEqual([
      'node',
      'state-folder',
      'postgresql',
      'temporal',
      'billing',
    ]);
    expect(checks.find(({ check }) => check === 'postgresql')?.message).toContain('not running');
  });

  test('checks the database that is given, and hides its password', async () => {
    const { exit, configuration, failed } = await doctor({ DATABASE_URL: database.url });
    expect([exit, failed]).toEqual([0, []]);
    const shown = configuration.find(({ name }) => name === 'DATABASE_URL');
    expect(shown).toMatchObject({ value: expect.stringContaining(':***@'), source: 'environment' });
  });

  test('ends with 1 when something does not answer, and says what to do about each', async () => {
    const { exit, failed, checks } = await doctor({
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      ZUORA_BASE_URL: 'http://127.0.0.1:1',
    });
    expect([exit, failed]).toEqual([1, ['postgresql', 'billing']]);
    for (const { ok, remedy } of checks) expect(remedy === null).toBe(ok);
  });

  test('ends with 2 when Billing refuses the credentials, and asks it nothing more', async () => {
    const { exit, failed, billing } = await doctor({ ZUORA_BASE_URL: await refusingBilling() });
    expect([exit, failed, billing]).toEqual([2, ['billing'], null]);
  });

  test('lists what the credentials may do, and which features that leaves', async () => {
    const { exit, failed, billing } = await doctor({
      ZUORA_BASE_URL: await sandboxUrl(),
      REVSYNC_TENANT: 'acme',
    });
    expect([exit, failed]).toEqual([0, []]);
    expect(billing?.entities).toMatchObject([{ key: 'acme', homeCurrency: 'USD' }]);
    expect(billing?.objects.find(({ object }) => object === 'InvoiceItem')).toMatchObject({
      access: 'ok',
      customFields: ['CostCentre__c'],
      missing: [],
      deletedColumn: true,
    });
    const states = new Map(billing?.features.map(({ id, state }) => [id, state]));
    expect([states.get('bookings'), states.get('invoice-settlement')]).toEqual(['ok', 'off']);
  });

  test('leaves that out when it has to be quick', async () => {
    const { exit, billing, checks } = await doctor({ ZUORA_BASE_URL: await sandboxUrl() }, '--quick');
    expect([exit, billing]).toEqual([0, null]);
    expect(checks.map(({ check }) => check)).not.toContain('billing-access');
  });

  test('is no failure for want of a feature that revenue can do without', async () => {
    const url = await sandboxUrl({ kind: 'permission', match: 'GET /v1/accounting-periods' });
    const { exit, billing } = await doctor({ ZUORA_BASE_URL: url });
    const periods = billing?.features.find(({ id }) => id === 'accounting-periods');
    expect([exit, periods?.state]).toEqual([0, 'missing']);
  });

  test('ends with 1 when what there is no revenue without may not be read, and says what', async () => {
    const url = await sandboxUrl({ kind: 'permission', match: 'Subscription' });
    const { exit, failed, checks } = await doctor({ ZUORA_BASE_URL: url });
    expect([exit, failed]).toEqual([1, ['billing-access']]);
    expect(checks.at(-1)?.message).toContain('lacks Subscription');
  });

  test('a person reads tables of entities, objects and interfaces, and a line per feature', async () => {
    const { stdout } = await runCommand(['doctor'], { ZUORA_BASE_URL: await sandboxUrl() });
    expect(stdout).toMatch(/^demo +demo +demo +USD$/m);
    expect(stdout).toMatch(/^InvoiceItem +ok +\d+ +1 +in the export$/m);
    expect(stdout).toMatch(/^AQuA export +ok/m);
    expect(stdout).toMatch(/^off +Invoice Settlement/m);
  });

  test('ends with 2 when the environment is not usable', async () => {
    const { exit, json } = await runCommand(['doctor', '--json'], { TEMPORAL_ADDRESS: 'nowhere' });
    expect([exit, json()]).toMatchObject([2, { error: { code: 'CONFIGURATION_INVALID' } }]);
  });

  test('a person reads a table and a line per check', async () => {
    const { stdout } = await runCommand(['doctor']);
    expect(stdout).toMatch(/^REVSYNC_TENANT +demo +default$/m);
    expect(stdout).toMatch(/^ok +node: Node \d+/m);
  });
});

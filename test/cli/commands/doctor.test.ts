import { createServer } from 'node:http';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';

interface Findings {
  readonly configuration: { name: string; value: string | null; source: string }[];
  readonly checks: { check: string; ok: boolean; message: string; remedy: string | null }[];
}

const doctor = async (env: Record<string, string>) => {
  const { exit, json } = await runCommand(['doctor', '--json'], env);
  const { configuration, checks } = json() as Findings;
  return { exit, configuration, failed: checks.filter(({ ok }) => !ok).map(({ check }) => check), checks };
};

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
    const { exit, checks } = await doctor({});
    expect(exit).toBe(0);
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

  test('ends with 2 when Billing refuses the credentials', async () => {
    const { exit, failed } = await doctor({ ZUORA_BASE_URL: await refusingBilling() });
    expect([exit, failed]).toEqual([2, ['billing']]);
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

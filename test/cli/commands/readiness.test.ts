import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { generateTenant } from '../../../src/billing/sandbox/generate-tenant.ts';
import { startSandbox } from '../../../src/billing/sandbox/server.ts';
import { parseTenantSpec } from '../../../src/billing/sandbox/tenant-spec.ts';
import type { ReadinessReport } from '../../../src/domain/readiness/report.ts';
import { LIMITATIONS } from '../../../src/limitations/all-limitations.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openReader } from '../../support/reader.ts';
import { runCommand } from '../../support/run-command.ts';

describe('revsync readiness', () => {
  let database: TestDatabase;
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let folder: string;
  beforeAll(async () => {
    database = await openTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'revsync-readiness-'));
    const tenant = generateTenant(parseTenantSpec('items=60,seed=5,entities=2'));
    sandbox = await startSandbox({ tenant, report: () => undefined, jobDelay: 0 });
  });
  afterAll(async () => {
    await sandbox.stop();
    await rm(folder, { recursive: true });
    await database.close();
  });

  const revsync = (...argv: string[]) =>
    runCommand(['readiness', ...argv], { DATABASE_URL: database.url, ZUORA_BASE_URL: sandbox.url });
  const offline = (url: string, ...argv: string[]) =>
    runCommand(['readiness', ...argv], { DATABASE_URL: url });
  const documentOf = (result: { json: () => unknown }) => result.json() as ReadinessReport;

  test('says what to do when nothing is here and Billing is not to be asked', async () => {
    const { exit, json } = await offline(database.url, '--from', 'prestaging', '--json');
    expect(exit).toBe(2);
    expect(json()).toMatchObject({
      error: { code: 'PRESTAGING_EMPTY', remedy: expect.stringContaining('--from billing') },
    });
  });

  test('loads from Billing when nothing is here, and writes the report for people beside the document', async () => {
    const file = join(folder, 'report.html');
    const ran = await revsync('--json', '--html', file);
    expect(ran.exit).toBe(0);
    const report = documentOf(ran);
    expect(report.limitations.map(({ id }) => id)).toEqual(LIMITATIONS.map(({ id }) => id));
    expect(report.limitations.filter(({ status }) => status === 'cannot-tell')).toEqual([]);
    expect(report.billing.asked).toBe(true);
    expect(new Set(report.settings.map(({ entity }) => entity)).size).toBeGreaterThan(1);
    expect(report.permissions).toEqual([]);
    expect(report.data.filter(({ source }) => source === 'readiness').length).toBeGreaterThan(1);
    expect(await readFile(file, 'utf8')).toContain('Known limitations');
  });

  test('tells a person the summary, every rule, and what to do first', async () => {
    const { stdout } = await offline(database.url);
    expect(stdout).toMatch(/^Readiness of /);
    expect(stdout).toContain('Billing was not asked');
    for (const { id } of LIMITATIONS) expect(stdout).toContain(`\n${id} `);
    expect(stdout.indexOf('\nlimitation ')).toBeLessThan(stdout.indexOf('\nWhat to do first'));
  });

  test('is about one entity when one is named', async () => {
    const [first] = documentOf(await offline(database.url, '--json')).data;
    const report = documentOf(await offline(database.url, '--json', '--entity', first?.entity ?? ''));
    expect(report.data.map(({ entity }) => entity)).toEqual([first?.entity]);
    const { exit, json } = await offline(database.url, '--json', '--entity', 'nobody');
    expect([exit, json()]).toMatchObject([2, { error: { code: 'ENTITY_UNKNOWN' } }]);
  });

  test('is a result and no failure, unless somebody says that what is affected is one', async () => {
    expect((await offline(database.url)).exit).toBe(0);
    expect((await offline(database.url, '--fail-on', 'affected')).exit).toBe(1);
  });

  test('refuses a file that cannot be written', async () => {
    const { exit, json } = await offline(database.url, '--json', '--html', join(folder, 'no', 'where.html'));
    expect([exit, json()]).toMatchObject([2, { error: { code: 'FILE_UNWRITABLE' } }]);
  });

  test('a reader reads of its own entities alone, and loads nothing', async () => {
    const [entity] = documentOf(await offline(database.url, '--json')).data.filter(
      ({ source }) => source === 'readiness',
    );
    const reader = await openReader(database, [entity?.org ?? '']);
    try {
      const report = documentOf(await offline(reader.url, '--json'));
      expect(report.data.map(({ entity: key }) => key)).toEqual([entity?.entity]);
      const env = { DATABASE_URL: reader.url, ZUORA_BASE_URL: sandbox.url };
      const refused = await runCommand(['readiness', '--from', 'billing', '--json'], env);
      expect([refused.exit, refused.json()]).toMatchObject([
        2,
        { error: { code: 'DATABASE_ROLE_INSUFFICIENT' } },
      ]);
      const asking = documentOf(await runCommand(['readiness', '--json'], env));
      expect(new Set(asking.settings.map((each) => each.entity))).toEqual(new Set([entity?.entity]));
    } finally {
      await reader.close();
    }
  });

  test('entities may still be put into other organisations, and are read anew then', async () => {
    const [entity] = documentOf(await offline(database.url, '--json')).data.filter(
      ({ source }) => source === 'readiness',
    );
    const moved = await runCommand(
      [
        'entity',
        'map',
        '--entity',
        entity?.entity ?? '',
        '--org',
        'joint',
        '--reason',
        'one ledger',
        '--by',
        'ann',
      ],
      { DATABASE_URL: database.url, ZUORA_BASE_URL: sandbox.url },
    );
    expect([moved.exit, moved.stderr]).toMatchObject([0, expect.any(String)]);
    const { data } = documentOf(await offline(database.url, '--json'));
    expect(data.find(({ entity: key }) => key === entity?.entity)).toMatchObject({
      org: 'joint',
      source: 'none',
    });
    const again = documentOf(await revsync('--from', 'billing', '--json'));
    expect(again.data.find(({ entity: key }) => key === entity?.entity)).toMatchObject({
      source: 'readiness',
    });
  });

  test('a Billing that does not answer is no reason to have no report', async () => {
    const { exit, json } = await runCommand(['readiness', '--json'], {
      DATABASE_URL: database.url,
      ZUORA_BASE_URL: 'http://127.0.0.1:9',
    });
    expect(exit).toBe(0);
    expect((json() as ReadinessReport).billing).toMatchObject({
      asked: false,
      note: expect.stringContaining('could not be asked'),
    });
  });
});

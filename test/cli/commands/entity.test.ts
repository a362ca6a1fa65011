import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { generateTenant } from '../../../src/billing/sandbox/generate-tenant.ts';
import { startSandbox } from '../../../src/billing/sandbox/server.ts';
import { parseTenantSpec } from '../../../src/billing/sandbox/tenant-spec.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openReader } from '../../support/reader.ts';
import { runCommand } from '../../support/run-command.ts';

describe('revsync entity', () => {
  let database: TestDatabase;
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let folder: string;
  beforeAll(async () => {
    database = await openTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'revsync-entity-'));
    sandbox = await startSandbox({
      tenant: generateTenant(parseTenantSpec('items=30,entities=3,currencies=USD,JPY,KWD')),
      report: () => undefined,
      jobDelay: 0,
    });
  });
  afterAll(async () => {
    await sandbox.stop();
    await rm(folder, { recursive: true });
    await database.close();
  });

  const revsync = (...argv: string[]) =>
    runCommand(argv, { DATABASE_URL: database.url, ZUORA_BASE_URL: sandbox.url });
  const file = async (mapping: object) => {
    const path = join(folder, 'mapping.json');
    await writeFile(path, JSON.stringify({ mapping }));
    return path;
  };
  const orgs = async () => {
    const listed = (await revsync('entity', 'list', '--json')).json() as { entity: string; org: string }[];
    return Object.fromEntries(listed.map(({ entity, org }) => [entity, org]));
  };

  test('lists what is recorded, and reads Billing first when asked to', async () => {
    expect((await revsync('entity', 'list')).stdout).toContain('No entity is recorded yet');
    const { exit, json } = await revsync('entity', 'list', '--sync', '--json');
    expect(exit).toBe(0);
    expect(json()).toMatchObject([
      {
        entity: 'Sandbox-Entity-1',
        org: 'Sandbox-Entity-1',
        entityName: 'Entity 1',
        parent: 'Sandbox-Global',
      },
      { entity: 'Sandbox-Entity-2', homeCurrency: 'JPY', timezone: expect.any(String) },
      { entity: 'Sandbox-Entity-3', homeCurrency: 'KWD' },
      { entity: 'Sandbox-Global', parent: null },
    ]);
    expect((await revsync('entity', 'list')).stdout).toMatch(/^entity +organisation +name/);
  });

  test('refuses a mapping with everything that is wrong with it, and changes nothing', async () => {
    const path = await file([
      { entity: 'Sandbox Entity 1', org: 'west' },
      { entity: 'Sandbox-Entity-1', org: 'east' },
      { entity: 'Sandbox Entty 2', org: 'e/w' },
    ]);
    const { exit, json } = await revsync('entity', 'map', '--file', path, '--reason', 'Step 2', '--json');
    expect([exit, json()]).toMatchObject([
      2,
      {
        error: { code: 'MAPPING_INVALID' },
        mistakes: [
          { path: 'mapping[2].entity', suggestion: 'Did you mean Sandbox Entity 2?' },
          { path: 'mapping[2].org' },
          { path: 'mapping[1]' },
          {
            path: 'mapping',
            message: 'Entity Sandbox-Entity-2 (Sandbox Entity 2) is left out, and has accounts in Billing.',
          },
          {
            path: 'mapping',
            message: 'Entity Sandbox-Entity-3 (Sandbox Entity 3) is left out, and has accounts in Billing.',
          },
        ],
      },
    ]);
    expect(new Set(Object.values(await orgs())).size).toBe(4);
  });

  test('maps by a file, where the parent without accounts may be left out', async () => {
    const path = await file([
      { entity: 'Sandbox Entity 1', org: 'west', name: 'The West' },
      { entity: 'Sandbox-Entity-2', org: 'west' },
      { entity: 'Sandbox Entity 3', org: 'east' },
    ]);
    const { exit, json } = await revsync(
      'entity',
      'map',
      '--file',
      path,
      '--by',
      'ann',
      '--reason',
      'Step 2',
      '--json',
    );
    expect([exit, json()]).toMatchObject([
      0,
      {
        entities: [
          { entity: 'Sandbox-Entity-1', org: 'west', was: 'Sandbox-Entity-1', changed: true },
          {},
          {},
        ],
      },
    ]);
    await revsync('entity', 'list', '--sync');
    expect(await orgs()).toEqual({
      'Sandbox-Entity-1': 'west',
      'Sandbox-Entity-2': 'west',
      'Sandbox-Entity-3': 'east',
      'Sandbox-Global': 'Sandbox-Global',
    });
  });

  test('maps one entity, and says what it was', async () => {
    const { stdout } = await revsync(
      'entity',
      'map',
      '--entity',
      'Sandbox Global',
      '--org',
      'east',
      '--reason',
      'Tidy',
    );
    expect(stdout).toMatch(/Sandbox-Global +east +was Sandbox-Global/);
  });

  test.each([
    [['--reason', 'x'], 'USAGE'],
    [['--entity', 'Sandbox Global', '--reason', 'x'], 'USAGE'],
    [['--entity', 'x', '--org', 'y', '--file', 'z', '--reason', 'x'], 'USAGE'],
    [['--file', 'nowhere.json', '--reason', 'x'], 'FILE_UNREADABLE'],
    [['--entity', 'Mars', '--org', 'y', '--reason', 'x'], 'MAPPING_INVALID'],
    [['--entity', 'Sandbox Global', '--org', 'y'], 'USAGE'],
  ])('entity map %j ends with 2 and %s', async (argv, code) => {
    const { exit, json } = await revsync('entity', 'map', ...argv, '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code } }]);
  });

  test('shows a reader the entities of his organisation, and lets him map none', async () => {
    const reader = await openReader(database, ['west']);
    const asReader = (...argv: string[]) =>
      runCommand([...argv, '--json'], { DATABASE_URL: reader.url, ZUORA_BASE_URL: sandbox.url });
    expect((await asReader('entity', 'list')).json()).toMatchObject([{ org: 'west' }, { org: 'west' }]);
    const refused = await asReader(
      'entity',
      'map',
      '--entity',
      'Sandbox-Entity-3',
      '--org',
      'west',
      '--reason',
      'x',
    );
    expect([refused.exit, refused.json()]).toMatchObject([
      2,
      { error: { code: 'DATABASE_ROLE_INSUFFICIENT' } },
    ]);
    await reader.close();
  });
});

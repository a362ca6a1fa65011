import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { OPTIONAL_RULES, PREDEFINED_RULES } from '../../../src/domain/validation/rules/predefined-rules.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { linesOf } from '../../support/held-lines.ts';
import { runCommand } from '../../support/run-command.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';

const RULES = `
name: Floor
rules:
  - id: price-below-floor
    type: expression
    appliesTo: [INV]
    expression: "[Ext Sell Price] > 100"
    message: "{Ext Sell Price} is below the floor."
    remedy: Ask sales.
`;

describe('revsync validation', () => {
  let database: TestDatabase;
  let folder = '';
  beforeAll(async () => {
    database = await openTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'revsync-rules-'));
    await writeFile(join(folder, 'rules.yaml'), RULES);
    await writeFile(join(folder, 'wrong.yaml'), RULES.replace('Ext Sell Price] >', 'Ext Sel Price] >'));
    await syncRows(database, sampleTenant());
  });
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  const revsync = (...argv: string[]) => runCommand(['validation', ...argv], { DATABASE_URL: database.url });
  const file = (name = 'rules.yaml') => ['--file', join(folder, name)];
  const unchanged = async () => {
    expect(await linesOf(database, 'default').holds()).toEqual([]);
    const { rows } = await sql`select from revenue.setup where kind = 'validation'`.execute(database.db);
    expect(rows).toEqual([]);
  };

  test('lists the predefined rules', async () => {
    const listed = (await revsync('rules', '--json')).json() as { id: string; optional: boolean }[];
    expect(listed.map(({ id }) => id)).toEqual([...PREDEFINED_RULES, ...OPTIONAL_RULES].map(({ id }) => id));
    expect(listed.filter(({ optional }) => optional)).toHaveLength(OPTIONAL_RULES.length);
    expect((await revsync('rules')).stdout).toMatch(/invoice-sign-differs +RPRO-00601 +INV +yes/);
  });

  test('refuses a rule whose lookup does not exist, wherever a file is read', async () => {
    const rule = `type: lookup\n    label: ATR1\n    lookup: AUTO_REVENUE_SINC\n    appliesTo`;
    await writeFile(
      join(folder, 'lookup.yaml'),
      RULES.replace(/type: expression\n +appliesTo/, rule).replace(/ +expression: .*\n/, ''),
    );
    for (const command of ['check', 'test']) {
      const { exit, stdout, stderr } = await revsync(command, ...file('lookup.yaml'));
      expect(exit, command).toBe(1);
      expect(stdout + stderr, command).toMatch(
        /There is no lookup AUTO_REVENUE_SINC\.[^]*AUTO_REVENUE_SYNC\?/,
      );
    }
    await unchanged();
  });

  test('tests the rules of a file on the lines in Staging, and changes nothing', async () => {
    const { exit, json } = await revsync('test', ...file(), '--json');
    expect([exit, json()]).toEqual([
      0,
      {
        org: 'default',
        lines: 3,
        rules: [{ rule: 'price-below-floor', lines: 2 }],
        broken: ['INV:item1', 'INV:item2'].map((line) => ({
          rule: 'price-below-floor',
          line,
          entity: 'demo',
          type: 'INV',
          subscription: 'S-1',
          message: expect.stringMatching(/^100(\.00)? is below the floor\.$/),
          remedy: 'Ask sales.',
        })),
      },
    ]);
    expect((await revsync('test', ...file())).stdout).toMatch(
      /^3 lines of default are in Staging\. Nothing was changed[^]*INV:item1/,
    );
    await unchanged();
  });

  test('tests what is in force when no rules are named', async () => {
    expect((await revsync('test')).stdout).toBe('3 lines of default are in Staging; all keep the rules.\n');
  });

  test('says what is wrong with a file, and judges nothing by it', async () => {
    const { exit, json } = await revsync('test', ...file('wrong.yaml'), '--json');
    expect([exit, json()]).toMatchObject([
      1,
      { error: { code: 'SETUP_INVALID' }, mistakes: [{ path: 'rules[0].expression' }] },
    ]);
    const both = await revsync('test', ...file(), '--rules', 'Floor', '--json');
    expect([both.exit, both.json()]).toMatchObject([2, { error: { code: 'USAGE' } }]);
    await unchanged();
  });

  test('judges collected lines when asked to, and by a kept set', async () => {
    await collectOrg(database);
    expect((await revsync('test', ...file(), '--json')).json()).toMatchObject({ lines: 0, broken: [] });
    expect((await revsync('load', ...file())).exit).toBe(0);
    const { json } = await revsync('test', '--rules', 'Floor', '--collected', '--json');
    expect(json()).toMatchObject({ lines: 3, rules: [{ rule: 'price-below-floor', lines: 2 }] });
    expect(await linesOf(database, 'default').statuses()).toContain('INV:item1 collected');
  });
});

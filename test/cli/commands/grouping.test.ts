import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { GROUPING } from '../../../src/domain/grouping/grouping-setup.ts';
import { setupJsonSchema } from '../../../src/domain/setups/setup-file.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';
import { recordTenant } from '../../support/sync-rows.ts';

const RULES = 'rules:\n  - { seq: 1, keys: [Customer Number, ATR1], window: { days: 30 } }\n';

describe('revsync grouping', () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await openTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'revsync-grouping-'));
  });
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  const revsync = (...argv: string[]) => runCommand(['grouping', ...argv], { DATABASE_URL: database.url });
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };

  test('has the pre-configured templates before anything was synced', async () => {
    const { exit, json } = await revsync('list', '--json');
    expect([exit, json()]).toMatchObject([
      0,
      [
        { id: 'Customer@1', status: 'frozen', seeded: true, org: null },
        { id: 'Subscription and Term@1', status: 'default', seeded: true, org: null },
      ],
    ]);
    const { stdout } = await revsync('show', 'default');
    expect(stdout).toContain('Subscription and Term@1 is the default, since ');
    expect(stdout).toContain('      - Subscription Name\n      - Term Number\n');
  });

  test('keeps, compares, freezes and uses a file', async () => {
    const path = await file('deals.yaml', `name: Deals\n${RULES}`);
    expect((await revsync('check', '--file', path)).stdout).toBe(`${path} has no mistakes.\n`);
    expect((await revsync('load', '--file', path)).stdout).toBe(
      '"Deals@1" is kept, checked.\nNext: revsync grouping freeze "Deals@1" --default\n',
    );
    expect((await revsync('load', '--file', path, '--json')).json()).toMatchObject({
      id: 'Deals@1',
      unchanged: true,
      createdBy: userInfo().username,
    });
    expect((await revsync('diff', 'Deals', '--json')).json()).toEqual({
      before: 'Subscription and Term@1',
      after: 'Deals@1',
      same: false,
      changes: [
        {
          path: 'rules[0].keys',
          before: '["Subscription Name","Term Number"]',
          after: '["Customer Number","ATR1"]',
        },
        { path: 'rules[0].window', before: null, after: '{"days":30,"field":"SO Book Date"}' },
        {
          path: 'rules[1]',
          before: '{"seq":2,"keys":["Customer Number","Term Number"],"enabled":true}',
          after: null,
        },
      ],
    });
    expect((await revsync('freeze', 'Deals', '--default')).stdout).toBe(
      '"Deals@1" groups the new SO lines of every organisation without one of its own, from the next collection on.\nBefore it was "Subscription and Term@1".\n',
    );
    const before = await revsync('default', 'Subscription and Term', '--json');
    expect(before.json()).toMatchObject({ id: 'Subscription and Term@1', before: 'Deals@1' });
  });

  test('exports what it loads, in YAML and in JSON', async () => {
    for (const format of ['yaml', 'json']) {
      const { stdout } = await revsync('export', 'Subscription and Term@1', '--format', format);
      const path = await file(`copy.${format}`, stdout);
      const { json } = await revsync('diff', 'Subscription and Term', path, '--json');
      expect(json()).toMatchObject({ same: true, changes: [] });
    }
  });

  test('takes name and organisation from the command line, and knows the organisations', async () => {
    await recordTenant(database, 'US', 'US');
    const path = await file('named.yaml', `name: Deals\n${RULES}`);
    const load = (org: string) => revsync('load', '--file', path, '--name', 'Named', '--org', org, '--json');
    expect((await load('US')).json()).toMatchObject({ id: 'Named@1', org: 'US' });
    expect(await load('UK')).toMatchObject({ exit: 1 });
    expect((await revsync('freeze', 'Named', '--json')).json()).toMatchObject({
      error: { code: 'SETUP_INVALID', message: '"Named@2" is not frozen: it has 1 mistake.' },
      mistakes: [{ path: 'org', message: 'There is no organisation UK.', suggestion: 'Did you mean US?' }],
    });
  });

  test('keeps a file with mistakes as a draft, and nothing of what is no template', async () => {
    const wrong = await file('wrong.yaml', 'name: Wrong\nrules: [{ seq: 1, keys: [Custmer Number] }]\n');
    const loaded = await revsync('load', '--file', wrong, '--json');
    expect(loaded.exit).toBe(1);
    expect(loaded.json()).toMatchObject({
      error: { message: '"Wrong@1" is kept as a draft, with 1 mistake.' },
      setup: { id: 'Wrong@1', status: 'draft', mistakeCount: 1 },
    });
    const none = await file('none.json', '{"name": "None"}');
    expect(await revsync('load', '--file', none)).toMatchObject({
      exit: 2,
      stdout: `${none} is no grouping template: 1 mistake.\n  rules: rules is missing.\n      For example rules: [{seq: 1, keys: [Customer Number, ATR1]}].\nNothing was kept. Correct the file and load it again.\n`,
    });
    expect((await revsync('show', 'None', '--json')).json()).toMatchObject({
      error: { code: 'SETUP_UNKNOWN' },
    });
  });

  test.each([
    ['check', [], 'Either a grouping template or a file is checked.'],
    ['show', ['Subscription and Term@9'], '"Subscription and Term" has no version 9.'],
    ['default', ['Nobody'], 'There is no grouping template "Nobody".'],
    ['check', ['--file', 'nowhere.yaml'], 'The file nowhere.yaml cannot be read: there is none.'],
  ])('%s %j ends with 2: %s', async (command, argv, message) => {
    const { exit, json } = await revsync(command, ...argv, '--json');
    expect([exit, json()]).toMatchObject([2, { error: { message } }]);
  });

  test('prints the JSON Schema of its files', async () => {
    expect((await revsync('schema')).json()).toEqual(setupJsonSchema(GROUPING));
  });
});

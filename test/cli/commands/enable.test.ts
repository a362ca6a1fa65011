import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { recordEnablement } from '../../../src/store/enablement/record-enablement.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { AWAITING, opened, viewOf } from '../../support/opened-enablement.ts';
import { openReader } from '../../support/reader.ts';
import { runCommand } from '../../support/run-command.ts';
import { recordTenant } from '../../support/sync-rows.ts';

describe('revsync enable', () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await openTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'answers-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await database.close();
  });

  const revsync = (...argv: string[]) => runCommand(['enable', ...argv], { DATABASE_URL: database.url });

  test('status of one that was never started says how to start it', async () => {
    const { exit, json } = await revsync('status', '--json');
    expect([exit, json()]).toMatchObject([
      2,
      { error: { code: 'ENABLEMENT_UNKNOWN', remedy: expect.stringContaining('revsync enable start') } },
    ]);
  });

  test('status shows the newest one, from the database alone', async () => {
    await recordEnablement(database.db, await opened(database), viewOf('aborted'), []);
    const view = viewOf(
      'waiting',
      { 4: { status: 'done', by: 'ann', note: 'All fits.' } },
      { awaiting: AWAITING },
    );
    await recordEnablement(database.db, await opened(database), view, []);
    const { exit, json } = await revsync('status', '--json');
    expect(exit).toBe(0);
    expect(json()).toMatchObject(JSON.parse(JSON.stringify(view)) as object);
    const { stdout } = await revsync('status');
    expect(stdout).toMatch(
      /^Enablement of demo: waiting\nLast recorded at \d{4}-\S+Z\n\nStep 5 waits: Two custom/,
    );
  });

  test('is not for those who see some organisations only', async () => {
    await recordTenant(database);
    const reader = await openReader(database, ['default']);
    for (const argv of [['status'], ['start']]) {
      const { exit, json } = await runCommand(['enable', ...argv, '--json'], { DATABASE_URL: reader.url });
      expect([exit, json()]).toMatchObject([
        2,
        { error: { code: expect.stringMatching(/^DATABASE_(PERMISSION_DENIED|ROLE_INSUFFICIENT)$/) } },
      ]);
    }
    await reader.close();
  });

  test('answer lists every mistake of the file, and starts nothing', async () => {
    const file = join(folder, 'answers.json');
    await writeFile(file, JSON.stringify({ answers: { '6': { approve: 'yes' }, '12': {} } }));
    const { exit, json } = await revsync('answer', '--file', file, '--json');
    expect([exit, json()]).toMatchObject([
      2,
      {
        error: { code: 'ANSWERS_INVALID' },
        mistakes: [
          { path: 'answers.6.approve' },
          { path: 'answers.12', suggestion: 'Steps are "1" to "11".' },
        ],
      },
    ]);
    expect((await revsync('answer', '--file', file)).stdout).toContain('answers.12: There is no step "12".');
  });

  test.each([
    [['answer', '--file', 'no-such-file.json'], 'FILE_UNREADABLE'],
    [['answer'], 'USAGE'],
    [['start', '--name', ' '], 'USAGE'],
    [['start', '--name', 'a\u0007b'], 'USAGE'],
    [['start', '--by', ''], 'USAGE'],
  ])('%j ends with 2 and %s', async (argv, code) => {
    const { exit, json } = await revsync(...argv, '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code } }]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';
import { stageBookings } from '../../support/staged-bookings.ts';
import { usedSetup } from '../../support/setups.ts';
import { collectOrg } from '../../support/sync-rows.ts';

describe('the mass actions of revsync contract', () => {
  let database: TestDatabase;
  let ids: string[] = [];
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeAll(async () => {
    await stageBookings(database, 'US', [
      { soLineId: 'a.1' },
      { soLineId: 'b.1', fields: { 'Term Number': '2' } },
    ]);
    await collectOrg(database, 'US');
  });
  beforeEach(async () => {
    const list = (await revsync('list', '--json')).json() as { id: string }[];
    ids = list.map(({ id }) => id);
  });
  afterAll(() => database.close());

  const revsync = (...argv: string[]) => runCommand(['contract', ...argv], { DATABASE_URL: database.url });
  const WHY = ['--reason', 'Disputed.', '--by', 'ann'];

  test('say what became of each contract', async () => {
    const [first = '', second = ''] = ids;
    await revsync('hold', first, ...WHY);
    const { exit, stdout } = await revsync('hold', first, second, ...WHY);
    expect([exit, stdout.split('\n')]).toEqual([
      0,
      [
        'contract         version  result',
        `${first}        2  was on that hold already`,
        `${second}        2  held`,
        '',
      ],
    ]);
    expect((await revsync('show', first)).stdout).toContain('On revenue hold by ann: Disputed.');
    const released = await revsync('release', '--subscription', 'S-1', ...WHY, '--json');
    expect(released.json()).toEqual({
      org: 'US',
      action: 'release',
      contracts: ids.map((id) => ({ id, version: 3, changed: true })),
    });
  });

  test('close and open contracts', async () => {
    const [first = ''] = ids;
    expect((await revsync('close', first, ...WHY)).stdout).toContain('closed');
    expect((await revsync('show', first)).stdout).toContain(', closed.');
    expect((await revsync('open', first, ...WHY)).stdout).toContain('opened');
  });

  test.each([
    [['--reason', ''], /^--reason is blank\.$/],
    [['--reason', 'r', '--by', ' '], /^--by is blank\.$/],
    [['--reason', `r${'x'.repeat(2_000)}`], /^--reason is longer than 2000 characters\.$/],
  ])('are refused without a reason that can be kept: %j', async (flags, message) => {
    for (const action of ['hold', 'release', 'close', 'open', 'regroup']) {
      const { exit, json } = await revsync(action, ids[0] ?? '', ...flags, '--json');
      expect([exit, json()]).toMatchObject([
        2,
        { error: { code: 'USAGE', message: expect.stringMatching(message) } },
      ]);
    }
    const made = await revsync('create', '--lines', 'SO:a.1@1', ...flags, '--json');
    expect(made.json()).toMatchObject({
      error: { code: 'USAGE', message: expect.stringMatching(message) },
    });
  });

  test('close nothing when neither contracts nor a subscription are named', async () => {
    const { exit, json } = await revsync('close', ...WHY, '--json');
    expect([exit, json()]).toMatchObject([
      2,
      { error: { code: 'USAGE', remedy: expect.stringContaining('--subscription') } },
    ]);
  });

  test('group contracts anew', async () => {
    await usedSetup(database.db, 'grouping', {
      name: 'Customers',
      rules: [{ seq: 1, keys: ['Customer Number'] }],
    });
    const { exit, stdout } = await revsync('regroup', ...ids, ...WHY);
    expect(exit).toBe(0);
    expect(stdout.match(/changed/g)).toHaveLength(3);
  });

  test.each([
    [
      'a line',
      ['hold', 'SO:a.1@1', ...WHY],
      'MASS_ACTION_REFUSED',
      'Mass actions can be taken on revenue contracts only; "hold" would be one on lines.',
    ],
    ['nothing', ['close', ...WHY], 'USAGE', 'No contracts are named.'],
    [
      'a hold that there is not',
      ['hold', 'RC-1', '--hold', 'cost', ...WHY],
      'USAGE',
      "option '--hold <hold>' argument 'cost' is invalid. Allowed choices are revenue, transfer.",
    ],
    ['no reason', ['open', 'RC-1'], 'USAGE', "required option '--reason <text>' not specified"],
  ])('end with 2 for %s', async (_what, argv, code, message) => {
    const { exit, json } = await revsync(...argv, '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code, message } }]);
  });

  test('make a contract by hand', async () => {
    await stageBookings(database, 'US', [{ soLineId: 'c.1' }, { soLineId: 'd.1' }]);
    const { exit, stdout } = await revsync('create', '--lines', 'SO:d.1@1,SO:c.1@1', ...WHY);
    expect(exit).toBe(0);
    expect(stdout).toMatch(
      /^Contract RC-[0-9a-f]{12} of A-1\|c\.1 is made for SO:c\.1@1, SO:d\.1@1\.\nNext: revsync collect run --org US\n$/,
    );
    await collectOrg(database, 'US');
    const id = /RC-[0-9a-f]{12}/.exec(stdout)?.[0] ?? '';
    expect((await revsync('show', id, '--json')).json()).toMatchObject({
      origin: 'by-hand',
      bookings: '200.00',
    });
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { digest } from '../../src/store/digest.ts';
import type { TestDatabase } from '../support/database.ts';
import { linesOf, STOPPED } from '../support/held-lines.ts';
import { openReader, type Reader } from '../support/reader.ts';
import { runCommand } from '../support/run-command.ts';
import { MARK, openTwoOrganizations, OURS, THEIRS } from '../support/two-organizations.ts';

/** What a command line answers, without what differs between logins. */
type Row = Readonly<Record<string, unknown>>;

describe('logins of one organisation', () => {
  let database: TestDatabase;
  let reader: Reader;
  let operator: Reader;
  beforeAll(async () => {
    database = await openTwoOrganizations();
    reader = await openReader(database, [OURS]);
    operator = await openReader(database, [OURS], 'revsync_operator');
  });
  afterAll(async () => {
    await reader.close();
    await operator.close();
    await database.close();
  });

  const as = async (url: string, ...argv: string[]) => {
    const { exit, json, stdout } = await runCommand([...argv, '--json'], { DATABASE_URL: url });
    return { exit, document: json() as Row & Row[], stdout };
  };
  const reading = (...argv: string[]) => as(reader.url, ...argv);
  const operating = (...argv: string[]) => as(operator.url, ...argv);

  describe('a reader', () => {
    test.each([
      ['line list'],
      ['hold list'],
      ['finding list'],
      ['contract list'],
      ['run list'],
      ['period list'],
      ['entity list'],
    ])(
      '%s shows what it shows of his organisation to whom sees everything, and nothing else',
      async (command) => {
        const argv = command.split(' ');
        const [his, all] = [await reading(...argv), await as(database.url, ...argv)];
        expect([his.exit, all.exit]).toEqual([0, 0]);
        const entities = [OURS];
        const ours = (row: Row) => row['org'] === OURS || entities.includes(String(row['entity']));
        expect(his.document).toEqual(all.document.filter(ours));
        expect(his.document.length, command).toBeGreaterThan(command === 'finding list' ? -1 : 0);
        expect(all.document.length).toBeGreaterThan(command === 'finding list' ? -1 : his.document.length);
        expect(his.stdout).not.toContain(MARK);
      },
    );

    test.each([
      [['line', 'show', STOPPED], 0],
      [['line', 'show', `INV:item1-${MARK}`], 2],
      [['template', 'list'], 0],
      [['template', 'show', 'SO'], 0],
      [['template', 'fields'], 0],
      [['template', 'diff', 'SO'], 0],
      [['grouping', 'list'], 0],
      [['obligation', 'list'], 0],
      [['validation', 'list'], 0],
      [['validation', 'test'], 0],
      [['digest'], 0],
    ])('%j works for him', async (argv, exit) => {
      const { exit: found, stdout, document } = await reading(...argv);
      expect([found, document]).toEqual([exit, document]);
      expect(stdout.replaceAll(argv.join(' '), '').includes(` ${MARK}`)).toBe(false);
    });

    test('has the digest of his organisation that whoever sees everything has', async () => {
      const [his, whole] = [
        await reading('digest', '--org', OURS),
        await as(database.url, 'digest', '--org', OURS),
      ];
      expect(his.document).toEqual(whole.document);
      const theirs = await reading('digest', '--org', THEIRS);
      expect(theirs.document).toMatchObject({ error: { code: 'ORGANIZATION_UNKNOWN' } });
    });

    test.each([
      [['period', 'open', '2031-01'], 'DATABASE_PERMISSION_DENIED'],
      [['period', 'close'], 'DATABASE_PERMISSION_DENIED'],
      [
        ['hold', 'release', '--line', STOPPED, '--as', 'correction', '--reason', 'x', '--no-collect'],
        'DATABASE_PERMISSION_DENIED',
      ],
      [['hold', 'reject', '--line', STOPPED, '--reason', 'x', '--no-collect'], 'DATABASE_PERMISSION_DENIED'],
      [['hold', 'reject', '--line', STOPPED, '--reason', 'x'], 'DATABASE_ROLE_INSUFFICIENT'],
      [['contract', 'close', '--subscription', 'S-1', '--reason', 'x'], 'DATABASE_PERMISSION_DENIED'],
      [['sync', 'run'], 'DATABASE_ROLE_INSUFFICIENT'],
      [['collect', 'run'], 'DATABASE_ROLE_INSUFFICIENT'],
      [['schedule', 'list'], 'DATABASE_ROLE_INSUFFICIENT'],
      [['schedule', 'ensure'], 'DATABASE_ROLE_INSUFFICIENT'],
      [['schedule', 'diff'], 'DATABASE_ROLE_INSUFFICIENT'],
      [['schedule', 'pause', 'exchange-rate-sync/demo'], 'DATABASE_ROLE_INSUFFICIENT'],
      [['schedule', 'resume', 'exchange-rate-sync/demo'], 'DATABASE_ROLE_INSUFFICIENT'],
      [['migrate'], 'DATABASE_PERMISSION_DENIED'],
    ])('%j ends with 2 and %s, and changes nothing', async (argv, code) => {
      const before = await digest(database.db);
      const { exit, document } = await reading(...argv);
      expect([exit, document]).toMatchObject([2, { error: { code, remedy: expect.any(String) } }]);
      expect(await digest(database.db)).toEqual(before);
    });
  });

  describe('an operator', () => {
    const theirs = () => digest(database.db, THEIRS);

    test.each([
      [['contract', 'hold', '--subscription', 'S-1', '--reason', 'x']],
      [['contract', 'close', '--subscription', 'S-1', '--reason', 'x']],
      [['contract', 'create', '--lines', STOPPED, '--reason', 'x']],
      [['contract', 'regroup', '--subscription', 'S-1', '--reason', 'x']],
    ])('%j is said to be more than he may', async (argv) => {
      const before = await digest(database.db);
      const { exit, document } = await operating(...argv);
      expect([exit, document]).toMatchObject([2, { error: { code: 'DATABASE_PERMISSION_DENIED' } }]);
      expect(await digest(database.db)).toEqual(before);
    });

    test('is told how to decide without starting a collection', async () => {
      const { exit, document } = await operating(
        'hold',
        'release',
        '--line',
        STOPPED,
        '--as',
        'correction',
        '--reason',
        'x',
      );
      expect([exit, document]).toMatchObject([
        2,
        { error: { code: 'DATABASE_ROLE_INSUFFICIENT', remedy: expect.stringContaining('--no-collect') } },
      ]);
    });

    test.each([
      [['--line', `INV:item1-${MARK}`], 'LINE_UNKNOWN'],
      [['--line', `SO:orig-${MARK}.1@1#2`], 'LINE_UNKNOWN'],
      [['--line', STOPPED, '--org', THEIRS], 'ORGANIZATION_UNKNOWN'],
      [['--hold', 'same-version-recollection', '--entity', `${THEIRS}-${MARK}`], 'ENTITY_UNKNOWN'],
      [['--subscription', `S-1-${MARK}`], 'NOTHING_HELD'],
    ])('finds lines of others as little as lines there are not: %j', async (argv, code) => {
      const decide = ['hold', 'release', '--as', 'correction', '--reason', 'x', '--no-collect'];
      const [before, { document }] = [await theirs(), await operating(...decide, ...argv)];
      const unknown = argv.map((each) => each.replaceAll(MARK, 'NOBODY').replaceAll(THEIRS, 'nobody'));
      const { document: none } = await operating(...decide, ...unknown);
      expect(document).toMatchObject({ error: { code } });
      const spelled = JSON.stringify(document).replaceAll(MARK, 'NOBODY').replaceAll(THEIRS, 'nobody');
      expect(spelled).toBe(JSON.stringify(none));
      expect(await theirs()).toEqual(before);
    });

    test('releases a line of his, and not the one of the same id that others have', async () => {
      const before = await theirs();
      const release = ['hold', 'release', '--as', 'correction', '--reason', 'Checked.', '--no-collect'];
      const { exit, document } = await operating(...release, '--line', STOPPED);
      expect([exit, document]).toMatchObject([0, { org: OURS, decided: '1' }]);
      expect(await linesOf(database, OURS).statuses()).toContain(`${STOPPED} ready`);
      expect(await linesOf(database, THEIRS).statuses()).toContain(`${STOPPED} stopped`);
      expect(await theirs()).toEqual(before);
    });

    test('opens and closes periods of his organisation only', async () => {
      const before = await theirs();
      expect((await operating('period', 'open', '2024-03')).document).toEqual({
        org: OURS,
        period: '2024-03',
        status: 'open',
      });
      expect((await operating('period', 'open', '2024-03', '--org', THEIRS)).document).toMatchObject({
        error: { code: 'ORGANIZATION_UNKNOWN' },
      });
      expect(await theirs()).toEqual(before);
    });
  });
});

import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openReader, type Reader } from '../../support/reader.ts';
import { runCommand } from '../../support/run-command.ts';
import { run } from '../../support/server-database.ts';
import { recordTenant } from '../../support/sync-rows.ts';

describe('revsync access', () => {
  let database: TestDatabase;
  let login: string;
  let url: URL;
  let group: string;
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordTenant(database, 'north-one', 'north');
    await recordTenant(database, 'south-one', 'south');
    const suffix = randomBytes(6).toString('hex');
    [login, group] = [`carol_${suffix}`, `group_${suffix}`];
    await run(database.url, `create role ${login} login password 'x'`);
    await run(database.url, `create role ${group}`);
    url = new URL(database.url);
    [url.username, url.password] = [login, 'x'];
  });
  afterAll(async () => {
    await run(database.url, `drop role ${login}`);
    await run(database.url, `drop role ${group}`);
    await database.close();
  });

  const revsync = (...argv: string[]) => runCommand([...argv, '--json'], { DATABASE_URL: database.url });
  const asLogin = (...argv: string[]) => runCommand([...argv, '--json'], { DATABASE_URL: url.href });
  const seen = async () => {
    const { exit, json } = await asLogin('entity', 'list');
    return exit === 0 ? (json() as { entity: string }[]).map(({ entity }) => entity) : json();
  };
  const decisions = () =>
    database.db
      .selectFrom('control.decision')
      .select(['org', 'kind', 'subject', 'before', 'after', 'reason', 'decided_by'])
      .where('subject', 'in', [login, group])
      .orderBy('decision')
      .execute();

  test('lets a login see an organisation, once, and keeps who decided why', async () => {
    expect(await seen()).toMatchObject({ error: { code: 'DATABASE_ROLE_MISSING' } });
    const grant = () =>
      revsync('access', 'grant', '--role', login, '--org', 'north', '--by', 'ann', '--reason', 'Close');
    expect((await grant()).json()).toEqual({ role: login, org: 'north', as: 'reader', changed: true });
    expect(await seen()).toEqual(['north-one']);
    expect((await grant()).json()).toEqual({ role: login, org: 'north', as: 'reader', changed: false });
    expect(await decisions()).toEqual([
      {
        org: 'north',
        kind: 'grant-access',
        subject: login,
        before: null,
        after: { org: 'north', as: 'reader' },
        reason: 'Close',
        decided_by: 'ann',
      },
    ]);
  });

  test('lets a group see the organisation of an entity, and so whoever belongs to it', async () => {
    await revsync('access', 'grant', '--role', group, '--entity', 'south-one', '--as', 'operator');
    expect(await seen()).toEqual(['north-one']);
    await run(database.url, `grant ${group} to ${login}`);
    expect(await seen()).toEqual(['north-one', 'south-one']);
    const closed = await asLogin('period', 'open', '2024-01', '--org', 'south');
    expect(closed.json()).toEqual({ org: 'south', period: '2024-01', status: 'open' });
    await run(database.url, `revoke ${group} from ${login}`);
    expect(await seen()).toEqual(['north-one']);
  });

  test('lists who sees what', async () => {
    const all = (await revsync('access', 'list')).json() as { role: string }[];
    expect(all.filter(({ role }) => [login, group].includes(role))).toEqual([
      {
        role: login,
        as: 'reader',
        exists: true,
        login: true,
        orgs: [{ org: 'north', grantedAt: expect.stringMatching(/Z$/) }],
      },
      {
        role: group,
        as: 'operator',
        exists: true,
        login: false,
        orgs: [{ org: 'south', grantedAt: expect.any(String) }],
      },
    ]);
    const { stdout } = await runCommand(['access', 'list'], { DATABASE_URL: database.url });
    expect(stdout).toMatch(new RegExp(`${login} +reader +north +\\d{4}-\\d\\d-\\d\\d`));
  });

  test('takes an organisation away, once', async () => {
    const revoke = () =>
      revsync('access', 'revoke', '--role', login, '--entity', 'north-one', '--reason', 'Left');
    expect((await revoke()).json()).toEqual({ role: login, org: 'north', as: 'reader', changed: true });
    expect(await seen()).toEqual([]);
    expect((await revoke()).json()).toMatchObject({ changed: false });
    expect((await decisions()).at(-1)).toMatchObject({
      kind: 'revoke-access',
      before: { org: 'north', as: 'reader' },
      after: null,
      reason: 'Left',
    });
  });

  test('lists a role that is gone, and takes its access away before another one has its name', async () => {
    const gone = `gone_${randomBytes(6).toString('hex')}`;
    await run(database.url, `create role ${gone}`);
    await revsync('access', 'grant', '--role', gone, '--org', 'south');
    await run(database.url, `drop role ${gone}`);
    const all = async () => (await revsync('access', 'list')).json() as { role: string }[];
    expect((await all()).find(({ role }) => role === gone)).toMatchObject({ exists: false, as: null });
    expect((await revsync('access', 'revoke', '--role', gone, '--org', 'south')).json()).toMatchObject({
      changed: true,
    });
    expect((await all()).find(({ role }) => role === gone)).toBeUndefined();
  });

  test('shows the statement that makes a role there is not', async () => {
    const { exit, json } = await revsync('access', 'grant', '--role', 'Dan "the man"', '--org', 'north');
    expect([exit, json()]).toMatchObject([
      2,
      {
        error: {
          code: 'ACCESS_ROLE_UNKNOWN',
          remedy: `Make it first: create role "Dan ""the man""" login password '...';`,
        },
      },
    ]);
  });

  test('makes no reader of an operator unasked', async () => {
    const { json } = await revsync('access', 'grant', '--role', group, '--org', 'north');
    expect(json()).toMatchObject({ error: { code: 'ACCESS_KIND_DIFFERS' } });
  });

  test.each([
    ['revsync_reader', 'ACCESS_ROLE_UNSUITABLE'],
    ['revsync_worker', 'ACCESS_ROLE_UNSUITABLE'],
    ['pg_nobody', 'ACCESS_ROLE_UNKNOWN'],
  ])('does not give an organisation to %s', async (role, code) => {
    const { exit, json } = await revsync('access', 'grant', '--role', role, '--org', 'north');
    expect([exit, json()]).toMatchObject([2, { error: { code } }]);
  });

  test.each(['superuser', 'bypassrls', 'in role revsync_worker'])(
    'nor to a role that is %s',
    async (what) => {
      const mighty = `mighty_${randomBytes(6).toString('hex')}`;
      await run(database.url, `create role ${mighty} ${what}`);
      const { json } = await revsync('access', 'grant', '--role', mighty, '--org', 'north');
      expect(json()).toMatchObject({ error: { code: 'ACCESS_ROLE_UNSUITABLE' } });
      await run(database.url, `drop role ${mighty}`);
    },
  );

  test.each([
    [['--role', 'x'], 'USAGE'],
    [['--org', 'north'], 'USAGE'],
    [['--role', 'x', '--org', 'nowhere'], 'ORGANIZATION_UNKNOWN'],
    [['--role', 'x', '--entity', 'nobody'], 'ENTITY_UNKNOWN'],
    [['--role', 'x', '--org', 'north', '--entity', 'north-one'], 'USAGE'],
  ])('grant %j ends with 2 and %s', async (argv, code) => {
    const { exit, json } = await revsync('access', 'grant', ...argv);
    expect([exit, json()]).toMatchObject([2, { error: { code } }]);
  });

  describe('of a reader', () => {
    let reader: Reader;
    beforeAll(async () => void (reader = await openReader(database, ['north'])));
    afterAll(() => reader.close());

    test.each([
      [['list']],
      [['grant', '--role', 'x', '--org', 'north']],
      [['revoke', '--role', 'x', '--org', 'north']],
    ])('%j is not his to use', async (argv) => {
      const { exit, json } = await runCommand(['access', ...argv, '--json'], { DATABASE_URL: reader.url });
      const code = argv[0] === 'grant' ? 'ACCESS_ROLE_UNKNOWN' : 'DATABASE_PERMISSION_DENIED';
      expect([exit, json()]).toMatchObject([2, { error: { code } }]);
    });

    test('he gives himself no organisation', async () => {
      const { json } = await runCommand(
        ['access', 'grant', '--role', reader.name, '--org', 'north', '--json'],
        {
          DATABASE_URL: reader.url,
        },
      );
      expect(json()).toMatchObject({ error: { code: 'DATABASE_PERMISSION_DENIED' } });
    });
  });
});

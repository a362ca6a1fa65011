import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { databaseError } from '../../activities/database-failure.ts';
import { openPool } from '../../src/store/database.ts';
import {
  type ActivityGround,
  failureOf,
  newOwner,
  openActivityGround,
  runFor,
} from '../support/activities.ts';
import { run as asSuperuser } from '../support/server-database.ts';

describe('databaseError', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround()));
  afterAll(() => ground.close());

  const errorOf = async (statement: string): Promise<unknown> =>
    ground.database.pool.query(statement).then(
      () => undefined,
      (error: unknown) => error,
    );
  const killOthers = () =>
    asSuperuser(
      ground.database.url,
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and application_name = 'revsync'`,
    );

  test('takes a killed connection for a database that will be back', async () => {
    const query = errorOf('select pg_sleep(30)');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await killOthers();
    expect(databaseError(await query)).toMatchObject({ code: 'DATABASE_UNAVAILABLE', fate: 'retry' });
  });

  test('lets an activity be tried again whose connection was killed', async () => {
    const blocker = new pg.Client({ connectionString: ground.database.url });
    await blocker.connect();
    await blocker.query('begin');
    await blocker.query('lock table control.run in access exclusive mode');
    const open = () => runFor(ground, newOwner('revenue-sync/killed'))('openSyncRun', {});
    const failing = failureOf(open());
    await expect
      .poll(async () => (await blocker.query('select from pg_locks where not granted')).rowCount, {
        timeout: 20_000,
      })
      .toBeGreaterThan(0);
    await killOthers();
    expect(await failing).toMatchObject({ type: 'DATABASE_UNAVAILABLE', nonRetryable: false });
    await blocker.query('rollback');
    await blocker.end();
    expect(await open()).toMatchObject({ entity: 'demo' });
  });

  test('takes a server that does not answer for one that will', async () => {
    const pool = openPool('postgres://nobody@127.0.0.1:1/none');
    const error: unknown = await pool.query('select 1').catch((reason: unknown) => reason);
    await pool.end();
    expect(databaseError(error)).toMatchObject({ code: 'DATABASE_UNAVAILABLE', fate: 'retry' });
  });

  test('names the constraint that a row violates', async () => {
    const error = await errorOf(
      `insert into control.organization (org, name) values ('not a key', 'Not a key')`,
    );
    expect(databaseError(error)).toMatchObject({
      code: 'DATABASE_REFUSED',
      fate: 'fix-input',
      context: { sqlState: '23514', constraint: 'organization_org_spelled' },
    });
  });

  test('says what a missing right is', async () => {
    const refused = databaseError(await errorOf('drop table control.run'));
    expect(refused).toMatchObject({ code: 'DATABASE_REFUSED', context: { sqlState: '42501' } });
    expect(refused?.message).toContain('must be owner of table run');
  });

  test.each(['40001', '40P01', '53100', '53300', '57P03', '08006', '58030', 'ECONNRESET'])(
    'tries again after %s',
    (code) => {
      expect(databaseError(Object.assign(new Error('it failed'), { code }))?.fate).toBe('retry');
    },
  );

  test('keeps away from what is no error of the database', () => {
    expect(databaseError(new TypeError('undefined is not a function'))).toBeUndefined();
    expect(databaseError(Object.assign(new Error('no such file'), { code: 'ENOENT' }))).toBeUndefined();
    expect(databaseError('text')).toBeUndefined();
  });
});

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { openReader } from '../support/reader.ts';
import { recordTenant } from '../support/sync-rows.ts';

describe('the home currency of an entity', () => {
  let database: TestDatabase;
  let superuser: pg.Client;
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordTenant(database, 'demo', 'default', 'USD');
    await recordTenant(database, 'later', 'later', null);
    superuser = new pg.Client({ connectionString: database.url });
    await superuser.connect();
  });
  afterAll(async () => {
    await superuser.end();
    await database.close();
  });

  const homeOf = async (entity: string): Promise<unknown> => {
    const { rows } = await superuser.query('select home_currency from control.entity where entity = $1', [
      entity,
    ]);
    return (rows[0] as { home_currency: unknown } | undefined)?.home_currency;
  };
  const refused = { code: '23514', constraint: 'entity_home_currency_immutable' };

  test.each(["'EUR'", 'null', 'lower(home_currency)'])(
    'cannot become %s, not even for the superuser and for the worker',
    async (value) => {
      const statement = `update control.entity set home_currency = ${value} where entity = 'demo'`;
      await expect(superuser.query(statement)).rejects.toMatchObject(refused);
      await expect(database.pool.query(statement)).rejects.toMatchObject(refused);
      expect(await homeOf('demo')).toBe('USD');
    },
  );

  test('cannot be changed beside other things, or by inserting the entity again', async () => {
    for (const statement of [
      `update control.entity set home_currency = 'EUR', display_name = 'New' where entity = 'demo'`,
      `insert into control.entity (entity, org, entity_name, display_name, home_currency)
        values ('demo', 'default', 'a', 'b', 'EUR') on conflict (entity) do update set home_currency = excluded.home_currency`,
    ]) {
      await expect(superuser.query(statement)).rejects.toMatchObject({
        ...refused,
        message: 'The home currency of entity demo is USD; once set it does not change.',
      });
    }
  });

  test.each(['revsync_operator', 'revsync_reader'] as const)('cannot be touched by %s', async (role) => {
    const person = await openReader(database, ['default'], role);
    const client = new pg.Client({ connectionString: person.url });
    await client.connect();
    try {
      for (const value of ["'EUR'", 'null']) {
        await expect(client.query(`update control.entity set home_currency = ${value}`)).rejects.toThrow(
          /permission denied/,
        );
      }
    } finally {
      await client.end();
      await person.close();
    }
    expect(await homeOf('demo')).toBe('USD');
  });

  test('cannot be had anew by the worker deleting the entity', async () => {
    await expect(database.pool.query(`delete from control.entity where entity = 'later'`)).rejects.toThrow(
      /permission denied/,
    );
  });

  test('leaves everything else of the entity to be changed, and itself to be set once', async () => {
    await database.pool.query(
      `update control.entity set home_currency = home_currency, display_name = 'New' where entity = 'demo'`,
    );
    await database.pool.query(`update control.entity set home_currency = 'JPY' where entity = 'later'`);
    expect(await homeOf('later')).toBe('JPY');
    await expect(
      database.pool.query(`update control.entity set home_currency = 'KWD' where entity = 'later'`),
    ).rejects.toMatchObject(refused);
  });
});

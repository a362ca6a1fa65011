import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { checkDatabase } from '../../../src/cli/doctor/check-database.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openReader } from '../../support/reader.ts';
import { run } from '../../support/server-database.ts';

describe('checkDatabase', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const outcome = async (url: string) =>
    (await checkDatabase(url)).map(({ check, ok }) => `${check} ${ok ? 'ok' : 'failed'}`);

  test('all is well with a migrated database', async () => {
    expect(await outcome(database.url)).toEqual(['postgresql ok', 'schema ok', 'roles ok']);
  });

  test('a login without any of the roles is told what to ask for', async () => {
    const reader = await openReader(database, []);
    try {
      expect(await outcome(reader.url)).toEqual(['postgresql ok', 'schema ok', 'roles ok']);
      await run(database.url, `revoke revsync_reader from ${reader.name}`);
      const [, , roles] = await checkDatabase(reader.url);
      expect(roles).toMatchObject({ ok: false, remedy: expect.stringContaining(`grant revsync_reader to`) });
    } finally {
      await reader.close();
    }
  });

  test('a database without the schema needs migrations', async () => {
    const empty = new URL(database.url);
    empty.pathname = '/postgres';
    expect(await outcome(empty.href)).toEqual(['postgresql ok', 'schema failed']);
  });

  test('a server that does not answer, or another password, is a check that failed', async () => {
    const wrong = new URL(database.url);
    wrong.password = 'wrong';
    expect(await checkDatabase(wrong.href)).toMatchObject([
      { check: 'postgresql', ok: false, remedy: expect.stringContaining('DATABASE_URL') },
    ]);
    expect(await outcome('postgres://nobody@127.0.0.1:1/none')).toEqual(['postgresql failed']);
  });
});

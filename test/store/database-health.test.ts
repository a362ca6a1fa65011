import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { connectDatabase } from '../../src/cli/database.ts';
import { databaseHealth } from '../../src/store/database-health.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { openReader } from '../support/reader.ts';
import { run } from '../support/server-database.ts';

describe('databaseHealth', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const health = async (url: string) => {
    const { db } = connectDatabase(url);
    try {
      return await databaseHealth(db);
    } finally {
      await db.destroy();
    }
  };

  test('a migrated database with a mighty login lacks nothing', async () => {
    const found = await health(database.url);
    expect(found).toMatchObject({ user: 'postgres', pending: [], role: 'worker' });
    expect(found.major).toBeGreaterThanOrEqual(16);
    expect(found.version).toMatch(/^\d+\.\d+/);
  });

  test('a reader is told apart, and needs no right to the list of migrations', async () => {
    const reader = await openReader(database, []);
    try {
      expect(await health(reader.url)).toMatchObject({ user: reader.name, pending: [], role: 'reader' });
      await run(database.url, `revoke revsync_reader from ${reader.name}`);
      expect(await health(reader.url)).toMatchObject({ role: null });
    } finally {
      await reader.close();
    }
  });

  test("a list that revsync's roles may not read yet lacks at least the migration that lets them", async () => {
    const reader = await openReader(database, []);
    const roles = 'revsync_worker, revsync_operator, revsync_reader';
    try {
      await run(database.url, `revoke select on kysely_migration from ${roles}`);
      expect((await health(reader.url)).pending[0]).toBe('0020_idle_runs.sql');
    } finally {
      await run(database.url, `grant select on kysely_migration to ${roles}`);
      await reader.close();
    }
  });

  test('names the migrations that are missing', async () => {
    await run(database.url, `delete from kysely_migration where name like '0008%'`);
    expect((await health(database.url)).pending).toEqual(['0008_revenue.sql']);
    const empty = new URL(database.url);
    empty.pathname = '/postgres';
    expect((await health(empty.href)).pending[0]).toBe('0001_roles_and_schemas.sql');
  });
});

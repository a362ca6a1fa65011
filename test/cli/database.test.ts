import { randomBytes } from 'node:crypto';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { migrateToLatest } from '../../schema/migrator.ts';
import {
  connectAsWorker,
  connectDatabase,
  connectForCommand,
  migrateIfAllowed,
  requireMigrated,
} from '../../src/cli/database.ts';
import { rowsOf } from '../scenarios/database-rows.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { openReader } from '../support/reader.ts';
import { databaseUrl, run } from '../support/server-database.ts';

describe('connectForCommand', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const actor = async (url: string) => {
    const opened = await connectForCommand(url);
    try {
      const { rows } = await sql<{ actor: string }>`select current_user as actor`.execute(opened.db);
      return { ...rows[0], ...opened.login };
    } finally {
      await opened.db.destroy();
    }
  };

  test('acts as the worker for a superuser, so that row security holds for him too', async () => {
    expect(await actor(database.url)).toMatchObject({ actor: 'revsync_worker', role: 'worker' });
  });

  test.each(['reader', 'operator'] as const)('acts as the login itself for a %s', async (role) => {
    const login = await openReader(database, [], `revsync_${role}`);
    expect(await actor(login.url)).toEqual({ actor: login.name, user: login.name, role, migrated: true });
    await login.close();
  });

  test('acts as the worker for an owner who is no superuser, and who made the schema himself', async () => {
    const name = `owner_${randomBytes(6).toString('hex')}`;
    await run(database.url, `create role ${name} login createrole password 'x'`);
    await run(database.url, `grant revsync_worker to ${name} with admin option`);
    await run(database.url, `create database ${name} owner ${name}`);
    const url = new URL(databaseUrl(database.url, name));
    [url.username, url.password] = [name, 'x'];
    try {
      await expect(actor(url.href)).rejects.toMatchObject({ code: 'DATABASE_NOT_MIGRATED' });
      const { db } = connectDatabase(url.href);
      await migrateToLatest(db);
      await db.destroy();
      expect(await actor(url.href)).toMatchObject({ actor: 'revsync_worker', user: name, role: 'worker' });
    } finally {
      await run(database.url, `drop database ${name} with (force)`);
      await run(database.url, `drop role ${name}`);
    }
  });

  test.each(['reader', 'worker'] as const)(
    'refuses a database that is older than the program, to a %s, too',
    async (who) => {
      const login = await openReader(database, []);
      const last = `(select max(name) from public.kysely_migration)`;
      await run(
        database.url,
        `update public.kysely_migration set name = name || '.not' where name = ${last}`,
      );
      try {
        await expect(actor(who === 'reader' ? login.url : database.url)).rejects.toMatchObject({
          code: 'DATABASE_NOT_MIGRATED',
          message: expect.stringContaining('lacks 1 migrations'),
        });
      } finally {
        await run(database.url, `update public.kysely_migration set name = replace(name, '.not', '')`);
        await login.close();
      }
    },
  );

  test('tells a login that is none of the three, and what to do', async () => {
    const login = await openReader(database, []);
    await run(database.url, `revoke revsync_reader from ${login.name}`);
    await expect(actor(login.url)).rejects.toMatchObject({
      code: 'DATABASE_ROLE_MISSING',
      remedy: expect.stringContaining(`revsync access grant --role ${login.name} --org ORG`),
    });
    await login.close();
  });
});

describe('migrateIfAllowed', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const name = `up_${randomBytes(6).toString('hex')}`;
  const urlOf = (): string => {
    const url = new URL(databaseUrl(database.url, name));
    [url.username, url.password] = [name, 'x'];
    return url.href;
  };

  test('makes the schema where the login is the owner, refuses where it is not, and then has nothing to do', async () => {
    const report = vi.fn();
    await run(database.url, `create role ${name} login password 'x'`);
    await run(database.url, `create database ${name}`);
    try {
      const refused = { code: 'DATABASE_NOT_MIGRATED', fate: 'fix-input' };
      await expect(migrateIfAllowed(urlOf(), report)).rejects.toMatchObject(refused);
      await run(database.url, `alter database ${name} owner to ${name}`);
      // Revsync's roles are there already, of another database, and it is none of them.
      await expect(migrateIfAllowed(urlOf(), report)).rejects.toMatchObject(refused);
      const nothing = await rowsOf(urlOf(), `select to_regclass('public.kysely_migration') as made`);
      expect(nothing).toEqual([{ made: null }]);

      await run(database.url, `grant revsync_worker to ${name} with admin option`);
      await migrateIfAllowed(urlOf(), report);
      expect(report).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/up to date: \d+ migrations/));
      await migrateIfAllowed(urlOf(), report);
      expect(report).toHaveBeenCalledTimes(1);
    } finally {
      await run(database.url, `drop database ${name} with (force)`);
      await run(database.url, `drop role ${name}`);
    }
  });
});

describe('requireMigrated', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test('keeps a worker from a database that is older than the program, and says how old', async () => {
    const { db } = connectAsWorker(database.url);
    try {
      await expect(requireMigrated(db)).resolves.toBeUndefined();
      const last = `(select max(name) from public.kysely_migration)`;
      await run(database.url, `delete from public.kysely_migration where name = ${last}`);
      await expect(requireMigrated(db)).rejects.toMatchObject({
        code: 'DATABASE_NOT_MIGRATED',
        message: expect.stringMatching(/^The database lacks 1 migrations, from \d{4}_\w+\.sql on\.$/),
      });
    } finally {
      await db.destroy();
    }
  });
});

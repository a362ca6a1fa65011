import { randomBytes } from 'node:crypto';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { migrateToLatest } from '../../schema/migrator.ts';
import { connectDatabase, connectForCommand } from '../../src/cli/database.ts';
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

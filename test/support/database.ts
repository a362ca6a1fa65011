import { randomBytes } from 'node:crypto';

import type pg from 'pg';
import { inject } from 'vitest';

import { type Db, openDatabase, openPool } from '../../src/store/database.ts';
import './provided.ts';
import { databaseUrl, run } from './server-database.ts';

export interface TestDatabase {
  /** With the rights of `revsync_worker`, as the worker has them: a missing grant shows in the tests. */
  readonly db: Db;
  /** The pool under `db`, for COPY. */
  readonly pool: pg.Pool;
  /** As the superuser: for roles, migrations and whatever else a worker may not do. */
  readonly url: string;
  /** Closes the pool and drops the database. */
  close(): Promise<void>;
}

/** A fresh, migrated database of its own, copied from the template in a moment. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const { admin, template } = inject('testPostgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await run(admin, `create database ${name} template ${template}`);
  const url = databaseUrl(admin, name);
  const pool = openPool(url, { role: 'revsync_worker' });
  const db = openDatabase(pool);
  return {
    db,
    pool,
    url,
    async close() {
      await db.destroy();
      await run(admin, `drop database ${name} with (force)`);
    },
  };
}

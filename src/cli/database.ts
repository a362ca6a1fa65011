import type pg from 'pg';

import { migrateToLatest } from '../../schema/migrator.ts';
import { RevsyncError } from '../domain/errors.ts';
import { type Db, openDatabase, openPool } from '../store/database.ts';

/** An open database: the pool for COPY, kysely for everything else. */
export interface OpenDatabase {
  readonly pool: pg.Pool;
  readonly db: Db;
}

/** Opens the database as whoever the URL names, which is what row security goes by. */
export function connectDatabase(url: string): OpenDatabase {
  const pool = openPool(url);
  return { pool, db: openDatabase(pool) };
}

/** Opens the database as a worker: with the rights of `revsync_worker`, however mighty the login is. */
export function connectAsWorker(url: string): OpenDatabase {
  const pool = openPool(url, { role: 'revsync_worker', connections: 12 });
  return { pool, db: openDatabase(pool) };
}

/** Applies the migrations that are missing; answers their names. Safe when two processes do it at once. */
export async function migrate(url: string): Promise<string[]> {
  const { db } = connectDatabase(url);
  try {
    return await migrateToLatest(db);
  } finally {
    await db.destroy();
  }
}

/**
 * Makes sure that the schema is there before a command works with it.
 *
 * @throws RevsyncError `DATABASE_NOT_MIGRATED`
 */
export async function requireMigrated({ db }: OpenDatabase): Promise<void> {
  const tables = await db.introspection.getTables();
  if (tables.some(({ schema, name }) => schema === 'revenue' && name === 'line')) return;
  throw new RevsyncError('The database has no revsync schema yet.', {
    code: 'DATABASE_NOT_MIGRATED',
    fate: 'fix-input',
    remedy: 'Run `revsync migrate` with the same DATABASE_URL first.',
  });
}

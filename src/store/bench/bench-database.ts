import pg from 'pg';

import { migrateToLatest } from '../../../schema/migrator.ts';
import { RevsyncError, reasonOf } from '../../domain/errors.ts';
import { openDatabase, openPool } from '../database.ts';

export interface BenchDatabase {
  readonly url: string;
  /** Drops the database, whoever still works in it. */
  close(): Promise<void>;
}

const NAME = 'revsync_bench';

/**
 * A migrated database of its own on the server of `url`, in place of what a benchmark that was killed left there.
 *
 * @throws RevsyncError `BENCH_DATABASE_REFUSED` while another benchmark runs on that server, or when the user may not
 *   create databases
 */
export async function openBenchDatabase(url: string): Promise<BenchDatabase> {
  try {
    await run(url, `drop database if exists ${NAME}`);
    await run(url, `create database ${NAME}`);
  } catch (error) {
    throw new RevsyncError(`The benchmark needs a database of its own: ${reasonOf(error)}`, {
      code: 'BENCH_DATABASE_REFUSED',
      fate: 'fix-input',
      remedy:
        'Wait for the benchmark that runs there, or set DATABASE_URL to a user who may create databases.',
      cause: error,
    });
  }
  const own = new URL(url);
  own.pathname = `/${NAME}`;
  const database = { url: own.href, close: () => run(url, `drop database if exists ${NAME} with (force)`) };
  try {
    await migrated(database.url);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function migrated(url: string): Promise<void> {
  const db = openDatabase(openPool(url, { connections: 1 }));
  try {
    await migrateToLatest(db);
  } finally {
    await db.destroy();
  }
}

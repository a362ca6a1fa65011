import type pg from 'pg';

import { migrateToLatest } from '../../schema/migrator.ts';
import { RevsyncError } from '../domain/errors.ts';
import type { Report } from '../servers/report.ts';
import { type Db, openDatabase, openPool } from '../store/database.ts';
import { databaseHealth } from '../store/database-health.ts';
import { mayMigrate } from '../store/may-migrate.ts';
import { type Login, readLogin } from '../store/login.ts';

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

/** What one process takes of the server's connections at most; how much a worker does at a time follows from it. */
export const WORKER_CONNECTIONS = 12;

/** Opens the database as a worker: with the rights of `revsync_worker`, however mighty the login is. */
export function connectAsWorker(url: string): OpenDatabase {
  const pool = openPool(url, { role: 'revsync_worker', connections: WORKER_CONNECTIONS });
  return { pool, db: openDatabase(pool) };
}

/**
 * For `up`, which sets up whatever it finds: makes the schema, or brings it up to date, where the login may.
 *
 * @throws RevsyncError `DATABASE_NOT_MIGRATED` where it may not
 */
export async function migrateIfAllowed(url: string, report: Report): Promise<void> {
  const { db } = connectDatabase(url);
  try {
    if ((await databaseHealth(db)).pending.length === 0) return;
    if (!(await mayMigrate(db))) await requireMigrated(db);
    const applied = await migrateToLatest(db);
    report(`Brought the database's schema up to date: ${applied.length} migrations.`);
  } finally {
    await db.destroy();
  }
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

/** A database that is ready for a command, and who the user is there. */
export interface CommandDatabase extends OpenDatabase {
  readonly login: Login;
}

/**
 * Opens the database for a command. Readers and operators act as themselves and see their organisations; whoever
 * may do everything acts as `revsync_worker`, so that row security is in force for owners and superusers too.
 *
 * @throws RevsyncError `DATABASE_NOT_MIGRATED`, `DATABASE_ROLE_MISSING`
 */
export async function connectForCommand(url: string): Promise<CommandDatabase> {
  const { db } = connectDatabase(url);
  let login: Login;
  try {
    login = await readLogin(db);
    if (!login.migrated) throw notMigrated();
    if (login.role === null) throw withoutRole(login);
    await requireMigrated(db);
  } finally {
    await db.destroy();
  }
  return { ...(login.role === 'worker' ? connectAsWorker(url) : connectDatabase(url)), login };
}

/** Who the URL's user is to revsync. */
export async function loginOf(url: string): Promise<Login> {
  const { db } = connectDatabase(url);
  try {
    return await readLogin(db);
  } finally {
    await db.destroy();
  }
}

/**
 * Looks whether the database is as new as the program: statements that name columns that are not there yet would fail
 * in the middle of a run.
 *
 * @throws RevsyncError `DATABASE_NOT_MIGRATED`
 */
export async function requireMigrated(db: Db): Promise<void> {
  const { pending } = await databaseHealth(db);
  const [next] = pending;
  if (next !== undefined) {
    throw notMigrated(`The database lacks ${pending.length} migrations, from ${next} on.`);
  }
}

function notMigrated(message = 'The database has no revsync schema yet.'): RevsyncError {
  return new RevsyncError(message, {
    code: 'DATABASE_NOT_MIGRATED',
    fate: 'fix-input',
    remedy: 'Run `revsync migrate` as the owner of the database first.',
  });
}

function withoutRole({ user }: Login): RevsyncError {
  return new RevsyncError(
    `The database login ${user} belongs to none of revsync_worker, revsync_operator and revsync_reader, so it sees nothing.`,
    {
      code: 'DATABASE_ROLE_MISSING',
      fate: 'fix-input',
      remedy: `Somebody who administers the database gives it an organisation: \`revsync access grant --role ${user} --org ORG\`.`,
    },
  );
}

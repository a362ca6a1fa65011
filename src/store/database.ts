import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

import type { Database } from '../../schema/database.ts';

/** A pool or a transaction: every query module takes one as its first argument. */
export type Db = Kysely<Database>;

// Exact text for everything that JavaScript would change: a day is not an instant, an instant keeps
// its microseconds, and counts and amounts are never floats.
const AS_TEXT = new Set<number>([
  pg.types.builtins.DATE,
  pg.types.builtins.TIMESTAMPTZ,
  pg.types.builtins.TIMESTAMP,
  pg.types.builtins.INT8,
  pg.types.builtins.NUMERIC,
]);
const asText = (text: string | Buffer): string => text.toString();

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    AS_TEXT.has(oid) ? asText : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/**
 * What a connection needs whatever the server's or the role's defaults are. Collection works on temporary tables of many
 * lines; their buffers are taken as they are used, and freed when the session ends.
 */
const SESSION =
  '-c timezone=UTC -c datestyle=ISO,YMD -c intervalstyle=postgres -c jit=off -c temp_buffers=128MB';

export interface PoolOptions {
  /** The database role to act as; row security and grants then go by it. */
  readonly role?: 'revsync_worker';
  readonly connections?: number;
  /**
   * For short questions that somebody waits for, in milliseconds: none takes longer, and each is asked on a connection
   * of its own, because one that died without a word would be handed out again and again.
   */
  readonly patience?: number;
}

/** Below the idle limits of firewalls; from then on a connection that died silently is noticed within half a minute. */
const KEEP_ALIVE_AFTER = 30_000;
const CONNECT_WITHIN = 15_000;

/** A pool with every session pinned to UTC and ISO dates. */
export function openPool(
  connectionString: string,
  { role, connections = 10, patience }: PoolOptions = {},
): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: connections,
    options: role === undefined ? SESSION : `${SESSION} -c role=${role}`,
    types,
    application_name: 'revsync',
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER,
    connectionTimeoutMillis: patience ?? CONNECT_WITHIN,
    ...(patience === undefined ? {} : { query_timeout: patience, maxUses: 1 }),
  });
  // An idle connection that the server drops must not end the process; the next query gets a new one.
  pool.on('error', () => undefined);
  return pool;
}

/** Kysely over a pool; `db.destroy()` ends the pool. */
export function openDatabase(pool: pg.Pool): Db {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

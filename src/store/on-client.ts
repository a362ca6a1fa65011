import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';

import type { Database } from '../../schema/database.ts';
import type { Db } from './database.ts';

/**
 * Runs `work` in one transaction of one connection, and hands out that connection too: COPY has no
 * place in kysely. Rolls back and rethrows when `work` throws; a connection in doubt is not reused.
 */
export async function onClient<Result>(
  pool: pg.Pool,
  work: (db: Db, client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  const only = { connect: async () => ({ query: client.query.bind(client), release: () => undefined }) };
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: { ...only, end: async () => undefined } as never }),
  });
  let broken = false;
  try {
    await client.query('begin');
    const result = await work(db, client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => (broken = true));
    throw error;
  } finally {
    client.release(broken);
  }
}

import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { type LineGauges, lineGauges } from './line-gauges.ts';
import { type RunGauges, runGauges } from './run-gauges.ts';

export interface DatabaseGauges extends RunGauges, LineGauges {}

/**
 * Everything that metrics say of the database, as of one moment. The server itself ends a statement that takes
 * longer than `patience` milliseconds, so that scrapes cannot pile up there.
 */
export async function readGauges(db: Db, patience: number): Promise<DatabaseGauges> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`select set_config('statement_timeout', ${String(patience)}, true)`.execute(trx);
      return { ...(await runGauges(trx)), ...(await lineGauges(trx)) };
    });
}

import { sql } from 'kysely';

import type { Db } from '../database.ts';

/** Waits until no other transaction changes set-ups: versions are numbered and defaults swapped one at a time. */
export async function alone(trx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('revenue.setup'))`.execute(trx);
}

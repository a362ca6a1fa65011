import { sql } from 'kysely';

import type { Db } from '../database.ts';

/**
 * Runs a statement about few rows among many. By PostgreSQL's own cost of a page out of turn, which is a spinning
 * disk's, it would read whole tables rather than look a hundredth of their rows up.
 */
export async function byKey<Result>(trx: Db, statement: () => Promise<Result>): Promise<Result> {
  await sql`set local random_page_cost = 1.1`.execute(trx);
  const result = await statement();
  await sql`set local random_page_cost to default`.execute(trx);
  return result;
}

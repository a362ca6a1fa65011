import type { Db } from './database.ts';

/** Open holds by the rule that holds, as exact text. */
export async function holdCounts(db: Db): Promise<Record<string, string>> {
  const rows = await db
    .selectFrom('staging.hold')
    .select(['limitation', (eb) => eb.fn.countAll<string>().as('count')])
    .groupBy('limitation')
    .orderBy('limitation')
    .execute();
  return Object.fromEntries(rows.map(({ limitation, count }) => [limitation, count]));
}

import type { Db } from './database.ts';

/** Open holds by the rule that holds. */
export async function holdCounts(db: Db): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('staging.hold')
    .select(['limitation', (eb) => eb.fn.countAll<string>().as('count')])
    .groupBy('limitation')
    .orderBy('limitation')
    .execute();
  return Object.fromEntries(rows.map(({ limitation, count }) => [limitation, Number(count)]));
}

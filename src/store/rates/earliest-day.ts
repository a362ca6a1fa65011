import { type RawBuilder, sql } from 'kysely';

import type { Db } from '../database.ts';

/** Tables whose dates are those of lines: bookings, then billings. */
const DATES: readonly (readonly [table: string, column: string])[] = [
  ['rate_plan_charge', 'original_order_date'],
  ['subscription', 'term_start_date'],
  ['invoice', 'invoice_date'],
  ['credit_memo', 'memo_date'],
  ['debit_memo', 'memo_date'],
];

/** The oldest day that a line of the entity may need a rate of; null where nothing is extracted. */
export async function earliestDay(db: Db, entity: string): Promise<string | null> {
  const oldest = DATES.map(
    ([table, column]): RawBuilder<unknown> => sql`
      select min(${sql.ref(column)}) as day from ${sql.table(`prestaging.${table}`)}
      where entity = ${entity} and not deleted`,
  );
  const { rows } = await sql<{ day: string | null }>`
    select min(day) as day from (${sql.join(oldest, sql` union all `)}) as each`.execute(db);
  return rows[0]?.day ?? null;
}

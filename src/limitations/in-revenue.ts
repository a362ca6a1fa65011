import { type RawBuilder, sql } from 'kysely';

/** Whether no flag of the rows under these paths keeps what is billed out of revenue accounting (design 9 (21)). */
export const isInRevenue = (...paths: readonly string[]): RawBuilder<boolean> =>
  sql<boolean>`(${sql.join(
    paths.map((path) => sql`${sql.id(path, 'exclude_item_billing_from_revenue_accounting')} is not true`),
    sql` and `,
  )})`;

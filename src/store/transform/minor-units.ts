import { type RawBuilder, sql } from 'kysely';

import { OTHER_MINOR_UNITS } from '../../domain/money/minor-units.ts';

/** Decimals of the amounts of a currency (ISO 4217). */
export const decimalsOf = (currency: RawBuilder<unknown>): RawBuilder<number> =>
  sql<number>`case ${currency} ${sql.join(
    [...OTHER_MINOR_UNITS].map(([code, decimals]) => sql`when ${sql.lit(code)} then ${sql.lit(decimals)}`),
    sql` `,
  )} else 2 end`;

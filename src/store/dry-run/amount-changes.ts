import { type RawBuilder, sql } from 'kysely';

import type { LineType } from '../../../schema/database.ts';
import { amountText } from '../../domain/money/amount-text.ts';
import type { Db } from '../database.ts';
import { collectedLines, type Scope } from './dry-tables.ts';

/** Lines of one type and currency, and the sum of their Ext Sell Price; counts and amounts are exact text. */
export interface AmountChange {
  readonly type: LineType;
  /** Null: of lines without Transaction Currency. */
  readonly currency: string | null;
  readonly lines: { readonly before: string; readonly after: string };
  readonly before: string;
  readonly after: string;
}

interface Sums {
  readonly type: LineType;
  readonly currency: string | null;
  readonly linesBefore: string;
  readonly linesAfter: string;
  readonly before: string;
  readonly after: string;
}

/** What the lines come to before and after; collected ones count on both sides. */
export async function amountChanges(
  trx: Db,
  scope: Scope,
  before: RawBuilder<unknown>,
  after: RawBuilder<unknown>,
): Promise<AmountChange[]> {
  const { rows } = await sql<Sums>`
    with part as (
      ${sums(before, [true, false])} union all ${sums(after, [false, true])}
      union all ${sums(collectedLines(scope), [true, true])}
    )
    select type, currency, coalesce(sum(lines) filter (where was), 0) as "linesBefore",
      coalesce(sum(lines) filter (where "is"), 0) as "linesAfter",
      trim_scale(coalesce(sum(amount) filter (where was), 0)) as before,
      trim_scale(coalesce(sum(amount) filter (where "is"), 0)) as after
    from part group by type, currency order by type collate "C", currency collate "C"`.execute(trx);
  return rows.map(({ type, currency, linesBefore, linesAfter, ...amounts }) => ({
    type,
    currency,
    lines: { before: linesBefore, after: linesAfter },
    before: amountText(amounts.before, currency),
    after: amountText(amounts.after, currency),
  }));
}

const sums = (lines: RawBuilder<unknown>, [was, is]: readonly [boolean, boolean]): RawBuilder<unknown> => sql`
  select type, transaction_currency as currency, count(*) as lines, sum(ext_sell_price) as amount,
    ${sql.lit(was)} as was, ${sql.lit(is)} as "is"
  from ${lines} as l group by type, transaction_currency`;

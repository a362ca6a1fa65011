import { type RawBuilder, sql } from 'kysely';

import type { Hit } from '../../limitations/limitation.ts';
import type { Db } from '../database.ts';

const MOST_SAMPLES = 5;

/** Hits of a rule in one entity, taken together. */
export interface HitSummary {
  readonly count: string;
  /** What is at stake, as exact text, by currency: the sum, and that of the amounts without their signs. */
  readonly amounts: readonly {
    readonly currency: string | null;
    readonly amount: string;
    readonly gross: string;
  }[];
  /** A few of them: of each currency in turn the one with the largest amount, those without an amount last. */
  readonly samples: readonly Hit[];
}

/** Counts and sums the hits of one rule, in one statement. */
export async function summarizeHits(db: Db, hits: RawBuilder<Hit>): Promise<HitSummary> {
  const { rows } = await sql<HitSummary>`
    with hit as materialized (${hits}),
    sums as (
      select currency, trim_scale(sum(amount))::text as amount, trim_scale(sum(abs(amount)))::text as gross
      from hit where amount is not null group by currency
    ),
    sample as (
      select object, id, trim_scale(amount)::text as amount, currency, detail
      from (
        select *, row_number() over (
          partition by amount is null, currency order by abs(amount) desc, object, id
        ) as turn from hit
      ) as placed
      order by placed.amount is null, turn, currency, object, id limit ${sql.lit(MOST_SAMPLES)}
    )
    select (select count(*) from hit)::text as count,
      coalesce((select jsonb_agg(jsonb_build_object('currency', currency, 'amount', amount, 'gross', gross) order by currency) from sums), '[]') as amounts,
      coalesce((select jsonb_agg(to_jsonb(sample)) from sample), '[]') as samples`.execute(db);
  return rows[0] ?? { count: '0', amounts: [], samples: [] };
}

import { sql } from 'kysely';

import type { Db } from '../database.ts';

export interface BalanceRow {
  readonly object: string;
  readonly org: string;
  readonly currency: string | null;
  readonly measure: 'count' | 'amount';
  readonly extracted: string;
  readonly staged: string;
  readonly held: string;
  readonly rejected: string;
  readonly excluded: string;
  readonly unchanged: string;
  readonly reference: string;
  /** Reason -> part of `excluded`. */
  readonly exclusions: Readonly<Record<string, string>>;
}

/** The balance of a run: each class adds up to `extracted`, or `balanced` is false. */
export interface Balance {
  readonly run: string;
  readonly entity: string;
  readonly balanced: boolean;
  /** Objects whose classes do not add up; empty when balanced. */
  readonly unequal: readonly string[];
  readonly rows: readonly BalanceRow[];
  /** Lines that the run formed, by type; one row may form several. */
  readonly lines: Readonly<Record<string, string>>;
}

/** Reads the balance of a run, or undefined when there is no such run. */
export async function readBalance(db: Db, run: string): Promise<Balance | undefined> {
  const header = await db
    .selectFrom('control.run')
    .select(['run', 'entity'])
    .where('run', '=', run)
    .executeTakeFirst();
  if (header === undefined) return undefined;
  const { rows } = await sql<BalanceRow & { equal: boolean }>`
    select object, org, nullif(currency, '') as currency, measure, trim_scale(extracted)::text as extracted,
      trim_scale(staged)::text as staged, trim_scale(held)::text as held, trim_scale(rejected)::text as rejected,
      trim_scale(excluded)::text as excluded, trim_scale(unchanged)::text as unchanged,
      trim_scale(reference)::text as reference, exclusions,
      extracted = staged + held + rejected + excluded + unchanged + reference as equal
    from control.balance where run = ${run}
    order by object, org, currency, measure desc`.execute(db);
  const lines = await db
    .selectFrom('staging.line')
    .select(['type', (eb) => eb.fn.countAll<string>().as('count')])
    .where('entity', '=', header.entity)
    .where('run', '=', run)
    .groupBy('type')
    .execute();
  return {
    run: header.run,
    entity: header.entity,
    balanced: rows.every(({ equal }) => equal),
    unequal: [...new Set(rows.filter(({ equal }) => !equal).map(({ object }) => object))],
    rows: rows.map(({ equal: _, ...row }) => row),
    lines: Object.fromEntries(lines.map(({ type, count }) => [type, count])),
  };
}

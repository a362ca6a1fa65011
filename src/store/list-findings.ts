import { type RawBuilder, sql } from 'kysely';

import { amountText } from '../domain/money/amount-text.ts';
import type { Db } from './database.ts';
import { instantText } from './instant-text.ts';

/** What a person should know of, though it keeps no line from going on. */
export interface Finding {
  readonly id: string;
  readonly finding: string;
  readonly entity: string;
  readonly org: string;
  /** The kind of billing row that it is about, and that row's id. */
  readonly object: string;
  readonly source: string;
  readonly line: string | null;
  readonly amount: string | null;
  readonly currency: string | null;
  readonly message: string;
  readonly remedy: string;
  /** ISO, UTC. */
  readonly since: string;
  /** ISO, UTC; null while it is so. */
  readonly resolved: string | null;
}

export interface FindingFilter {
  readonly org?: string | undefined;
  readonly entity?: string | undefined;
  readonly finding?: string | undefined;
  readonly line?: string | undefined;
  /** Only what is not resolved. */
  readonly open?: boolean | undefined;
  /** Id of the last finding seen. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

const PAGE = 2000;

/** Hands out the findings in id order, page by page, so that any number of them fits. */
export async function eachFinding(
  db: Db,
  filter: FindingFilter,
  take: (findings: readonly Finding[]) => Promise<void>,
): Promise<void> {
  let { after, limit = Infinity } = filter;
  while (limit > 0) {
    const page = await listFindings(db, { ...filter, after, limit: Math.min(PAGE, limit) });
    if (page.length > 0) await take(page);
    if (page.length < PAGE) return;
    after = page.at(-1)?.id;
    limit -= page.length;
  }
}

/** The findings in id order, resolved ones included. */
export async function listFindings(db: Db, filter: FindingFilter): Promise<Finding[]> {
  const { org, entity, finding, line, open = false, after, limit } = filter;
  const conditions = [
    sql`true`,
    ...(org === undefined ? [] : [sql`f.org = ${org}`]),
    ...(entity === undefined ? [] : [sql`f.entity = ${entity}`]),
    ...(finding === undefined ? [] : [sql`f.finding = ${finding}`]),
    ...(line === undefined ? [] : [sql`f.line = ${line}`]),
    ...(open ? [sql`f.resolved_at is null`] : []),
    ...(after === undefined ? [] : [sql`f.id > ${after}::bigint`]),
  ];
  const { rows } = await sql<Finding>`
    select ${COLUMNS} from staging.finding as f
    where ${sql.join(conditions, sql` and `)}
    order by f.id limit ${limit ?? null}::bigint`.execute(db);
  return rows.map((row) => ({
    ...row,
    amount: row.amount === null ? null : amountText(row.amount, row.currency),
  }));
}

const COLUMNS: RawBuilder<unknown> = sql`f.id, f.finding, f.entity, f.org, f.object, f.source_id as source, f.line,
  trim_scale(f.amount)::text as amount, f.currency, f.message, f.remedy,
  ${instantText(sql`f.since`)} as since, ${instantText(sql`f.resolved_at`)} as resolved`;

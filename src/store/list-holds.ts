import { type RawBuilder, sql } from 'kysely';

import type { LineType } from '../../schema/database.ts';
import type { Db } from './database.ts';
import { instantText } from './instant-text.ts';

export const HOLD_KINDS = ['limitation', 'withheld', 'validation', 'waiting', 'orphan'] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

/** What keeps a line from going on. */
export interface Hold {
  readonly id: string;
  readonly line: string;
  readonly limitation: string;
  readonly kind: HoldKind;
  readonly message: string;
  readonly remedy: string;
  /** ISO, UTC. */
  readonly since: string;
  readonly org: string;
  readonly entity: string;
}

export interface HoldFilter {
  readonly org?: string | undefined;
  readonly entity?: string | undefined;
  readonly kind?: HoldKind | undefined;
  readonly limitation?: string | undefined;
  readonly line?: string | undefined;
  readonly type?: LineType | undefined;
  readonly subscription?: string | undefined;
  /** Id of the last hold seen. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

const PAGE = 2000;

/** Hands out the holds in id order, page by page, so that any number of them fits. */
export async function eachHold(
  db: Db,
  filter: HoldFilter,
  take: (holds: readonly Hold[]) => Promise<void>,
): Promise<void> {
  let { after, limit = Infinity } = filter;
  while (limit > 0) {
    const page = await listHolds(db, { ...filter, after, limit: Math.min(PAGE, limit) });
    if (page.length > 0) await take(page);
    if (page.length < PAGE) return;
    after = page.at(-1)?.id;
    limit -= page.length;
  }
}

/** The holds in id order. */
export async function listHolds(db: Db, filter: HoldFilter): Promise<Hold[]> {
  const { org, entity, kind, limitation, line, type, subscription, after, limit } = filter;
  const conditions = [
    sql`true`,
    ...(org === undefined ? [] : [sql`h.org = ${org}`]),
    ...(entity === undefined ? [] : [sql`h.entity = ${entity}`]),
    ...(kind === undefined ? [] : [sql`h.kind = ${kind}`]),
    ...(limitation === undefined ? [] : [sql`h.limitation = ${limitation}`]),
    ...(line === undefined ? [] : [sql`h.line = ${line}`]),
    ...(type === undefined ? [] : [sql`l.type = ${type}`]),
    ...(subscription === undefined ? [] : [sql`l.subscription_name = ${subscription}`]),
    ...(after === undefined ? [] : [sql`h.hold > ${after}::bigint`]),
  ];
  const { rows } = await sql<Hold>`
    select ${COLUMNS} from staging.hold as h
    ${type === undefined && subscription === undefined ? sql`` : OF_LINE}
    where ${sql.join(conditions, sql` and `)}
    order by h.hold limit ${limit ?? null}::bigint`.execute(db);
  return rows;
}

const OF_LINE = sql`join staging.line as l on l.entity = h.entity and l.id = h.line`;

/** The holds of these lines, in id order. */
export async function holdsOf(
  db: Db,
  lines: readonly { readonly entity: string; readonly id: string }[],
): Promise<Hold[]> {
  const { rows } = await sql<Hold>`
    select ${COLUMNS}
    from unnest(${lines.map(({ entity }) => entity)}::text[], ${lines.map(({ id }) => id)}::text[]) as k (entity, line)
    join staging.hold as h on h.entity = k.entity and h.line = k.line
    order by h.hold`.execute(db);
  return rows;
}

const COLUMNS: RawBuilder<unknown> = sql`h.hold as id, h.line, h.limitation, h.kind, h.message, h.remedy,
  ${instantText(sql`h.since`)} as since, h.org, h.entity`;

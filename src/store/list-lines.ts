import { type RawBuilder, sql } from 'kysely';

import type { LineType } from '../../schema/database.ts';
import type { Db } from './database.ts';
import type { LineKey } from './lines/line-key.ts';
import {
  type Line,
  type LineStatus,
  readLines,
  STATUS,
  STATUS_JOINS,
  type Trails,
} from './lines/read-lines.ts';

export const LINE_TYPES: readonly LineType[] = ['SO', 'INV', 'CM', 'CM-C', 'CM-RO'];

export interface LineFilter {
  readonly org?: string | undefined;
  readonly entity?: string | undefined;
  readonly type?: LineType | undefined;
  readonly status?: LineStatus | undefined;
  readonly subscription?: string | undefined;
  /** Id of a limitation that holds the line. */
  readonly hold?: string | undefined;
  /** Id of the last line seen. */
  readonly after?: string | undefined;
  /** Two entities may have lines of one id: these always come together, even above the limit. */
  readonly limit?: number | undefined;
}

const BATCH = 500;

/**
 * Hands out the lines in id order, batch by batch, as of one moment: a cursor keeps the order, so that
 * neither side ever holds more of a big tenant than a batch.
 */
export async function eachLine(
  db: Db,
  filter: LineFilter,
  take: (lines: readonly Line[]) => Promise<void>,
): Promise<void> {
  const trails: Trails = new Map();
  await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`declare line_keys no scroll cursor for ${keysOf(filter)}`.execute(trx);
      for (;;) {
        const { rows } = await sql<LineKey>`fetch ${sql.lit(BATCH)} from line_keys`.execute(trx);
        if (rows.length > 0) await take(await readLines(trx, rows, trails));
        if (rows.length < BATCH) return;
      }
    });
}

/** The lines in id order, all at once. */
export async function listLines(db: Db, filter: LineFilter): Promise<Line[]> {
  const lines: Line[] = [];
  await eachLine(db, filter, async (batch) => void lines.push(...batch));
  return lines;
}

function keysOf({
  org,
  entity,
  type,
  status,
  subscription,
  hold,
  after,
  limit,
}: LineFilter): RawBuilder<unknown> {
  const conditions = [
    sql`true`,
    ...(org === undefined ? [] : [sql`l.org = ${org}`]),
    ...(entity === undefined ? [] : [sql`l.entity = ${entity}`]),
    ...(type === undefined ? [] : [sql`l.type = ${type}`]),
    ...(status === undefined ? [] : [sql`${STATUS} = ${status}`]),
    ...(subscription === undefined ? [] : [sql`l.subscription_name = ${subscription}`]),
    ...(hold === undefined ? [] : [heldBy(hold)]),
    ...(after === undefined ? [] : [sql`l.id collate "C" > ${after}`]),
  ];
  const limited = limit === undefined ? sql`` : sql`fetch first (${limit}::bigint) rows with ties`;
  return sql`
    select entity, id from (
      select l.entity, l.id
      from staging.line as l ${status === undefined ? sql`` : STATUS_JOINS}
      where ${sql.join(conditions, sql` and `)}
      order by l.id collate "C" ${limited}
    ) as chosen
    order by id collate "C", entity collate "C"`;
}

const heldBy = (limitation: string): RawBuilder<unknown> => sql`exists (
  select from staging.hold as h where h.entity = l.entity and h.line = l.id and h.limitation = ${limitation})`;

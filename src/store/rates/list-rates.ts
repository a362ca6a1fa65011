import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { instantText } from '../instant-text.ts';

/** A version of a rate, and where it comes from. */
export interface ListedRate {
  /** `<entity>:<from>:<to>:<day>:<version>`. */
  readonly id: string;
  readonly entity: string;
  readonly org: string;
  readonly from: string;
  readonly to: string;
  readonly day: string;
  readonly version: string;
  /** What a unit of `from` costs in `to`, or the reverse with `inverse`. */
  readonly rate: string;
  readonly inverse: boolean;
  readonly source: string;
  readonly rateSet: string | null;
  /** The day that the provider gave it for, where that is another one. */
  readonly providerDay: string | null;
  /** ISO, UTC. */
  readonly recordedAt: string;
  /** Id of the workflow. */
  readonly recordedBy: string;
}

export interface RateFilter {
  readonly org?: string | undefined;
  readonly entity?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly day?: string | undefined;
  /** Id of the last version seen. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

const PAGE = 5_000;

/** Hands out every version in the order of entity, pair, day and version, page by page. */
export async function eachRate(
  db: Db,
  filter: RateFilter,
  take: (rates: readonly ListedRate[]) => Promise<void>,
): Promise<void> {
  let { after, limit = Infinity } = filter;
  while (limit > 0) {
    const page = await listRates(db, { ...filter, after, limit: Math.min(PAGE, limit) });
    if (page.length > 0) await take(page);
    if (page.length < PAGE) return;
    after = page.at(-1)?.id;
    limit -= page.length;
  }
}

async function listRates(db: Db, { org, entity, from, to, day, after, limit }: RateFilter) {
  const [ofEntity, ofFrom, ofTo, ofDay, version] = after?.split(':') ?? [];
  const conditions = [
    sql`true`,
    ...(org === undefined ? [] : [sql`r.org = ${org}`]),
    ...(entity === undefined ? [] : [sql`r.entity = ${entity}`]),
    ...(from === undefined ? [] : [sql`r.from_currency = ${from}`]),
    ...(to === undefined ? [] : [sql`r.to_currency = ${to}`]),
    ...(day === undefined ? [] : [sql`r.day = ${day}::date`]),
    ...(after === undefined
      ? []
      : [
          sql`(r.entity, r.from_currency, r.to_currency, r.day, r.version) >
            (${ofEntity}, ${ofFrom}, ${ofTo}, ${ofDay}::date, ${version}::integer)`,
        ]),
  ];
  const { rows } = await sql<ListedRate>`
    select concat_ws(':', r.entity, r.from_currency, r.to_currency, r.day, r.version) as id, r.entity, r.org,
      r.from_currency as "from", r.to_currency as "to", r.day, r.version::text, trim_scale(r.rate)::text as rate,
      r.inverse, r.source, r.rate_set as "rateSet", r.provider_day as "providerDay",
      ${instantText(sql`r.recorded_at`)} as "recordedAt", r.recorded_by as "recordedBy"
    from control.exchange_rate as r
    where ${sql.join(conditions, sql` and `)}
    order by r.entity, r.from_currency, r.to_currency, r.day, r.version limit ${limit ?? null}::bigint`.execute(
    db,
  );
  return rows;
}

import { type RawBuilder, sql } from 'kysely';

import { type RateTold, usableRates } from '../../domain/rates/rate-told.ts';
import type { Db } from '../database.ts';
import { orgOf } from '../tenancy/org-of.ts';
import { refreshStatistics } from '../statistics.ts';

/** Rates recorded at once after which the old statistics mislead. */
const MANY = 500;

/** Whose rates are recorded, and by which workflow. */
export interface RatesOf {
  readonly entity: string;
  /** Id of the workflow. */
  readonly by: string;
}

/** Counts as exact text. `read` counts each pair and day once; what is refused comes on top of it. */
export interface RecordedRates {
  readonly read: string;
  /** The first version of its source. */
  readonly new: string;
  /** Another version: the newest one of the same source said otherwise. */
  readonly changed: string;
  readonly unchanged: string;
  /** A sentence for each rate that cannot be used; nothing of it is recorded. */
  readonly refused: readonly string[];
}

/**
 * Records what `GET /v1/custom-exchange-rates` told (wire.md 2.4), set-based; versions are added and never changed, so
 * repeating it records nothing. Belongs into a transaction: until its end nobody else numbers versions of the entity.
 */
export async function recordRates(
  trx: Db,
  { source, ...whose }: RatesOf & { readonly source: 'custom-exchange-rates' },
  rates: readonly RateTold[],
): Promise<RecordedRates> {
  const { usable, refused } = usableRates(rates);
  const told = sql`
    select distinct on (from_currency, to_currency, day) from_currency, to_currency, day::date, rate::numeric,
      inverse::boolean, rate_set, provider_day::date
    from unnest(
      ${usable.map(({ from }) => from)}::text[], ${usable.map(({ to }) => to)}::text[],
      ${usable.map(({ day }) => day)}::text[], ${usable.map(({ rate }) => rate)}::text[],
      ${usable.map(({ inverse }) => inverse)}::boolean[], ${usable.map(({ rateSet }) => rateSet)}::text[],
      ${usable.map(({ providerDay }) => providerDay)}::text[]
    ) with ordinality as t (from_currency, to_currency, day, rate, inverse, rate_set, provider_day, place)
    order by from_currency, to_currency, day, place desc`;
  return { ...(await addVersions(trx, { ...whose, source }, told)), refused };
}

/**
 * Records the extracted `ExchangeRate` objects in the same way: those of pairs and days at which a row changed in a run
 * after `changedSince`, or all of them. Of several rows for one pair and day the newest counts. Belongs into a
 * transaction, as `recordRates` does.
 */
export async function recordExportedRates(
  trx: Db,
  { changedSince, ...whose }: RatesOf & { readonly changedSince: string | null },
): Promise<RecordedRates> {
  const { entity } = whose;
  const pairs = sql`p.from_currency, p.to_currency, p.rate_date`;
  const since = (row: string): RawBuilder<unknown> =>
    changedSince === null ? sql`true` : sql`${sql.id(row, 'changed_run')} > ${changedSince}::bigint`;
  const told = sql`
    select distinct on (${pairs}) ${pairs} as day, p.rate, false as inverse, null::text as rate_set,
      null::date as provider_day
    from prestaging.exchange_rate as p
    where p.entity = ${entity} and not p.deleted and ${USABLE} and exists (
      select from prestaging.exchange_rate as c where c.entity = p.entity and ${since('c')}
        and (c.from_currency, c.to_currency, c.rate_date) = (${pairs})
    )
    order by ${pairs}, p.updated_date desc nulls last, p.id desc`;
  const counts = await addVersions(trx, { ...whose, source: 'ExchangeRate' }, told);

  const { rows } = await sql<{ id: string }>`
    select p.id from prestaging.exchange_rate as p
    where p.entity = ${entity} and not p.deleted and ${since('p')} and (${USABLE}) is not true
    order by p.id`.execute(trx);
  return {
    ...counts,
    refused: rows.map(({ id }) => `ExchangeRate ${id} tells no rate between two currencies`),
  };
}

/** Whether any extracted `ExchangeRate` object was recorded of an entity. */
export async function hasExportedRates(db: Db, entity: string): Promise<boolean> {
  const { rows } = await sql<{ some: boolean }>`
    select exists (
      select from control.exchange_rate where entity = ${entity} and source = 'ExchangeRate'
    ) as some`.execute(db);
  return rows[0]?.some === true;
}

/** What the columns of control.exchange_rate take; null where a part of it is not known. */
const USABLE = sql<boolean>`p.from_currency ~ '^[A-Z]{3}$' and p.to_currency ~ '^[A-Z]{3}$'
      and p.from_currency <> p.to_currency and p.rate > 0 and p.rate_date is not null`;

/** A version of each rate of `told` that the newest version of the same source does not tell already. */
async function addVersions(
  trx: Db,
  { entity, by, source }: RatesOf & { readonly source: 'custom-exchange-rates' | 'ExchangeRate' },
  told: RawBuilder<unknown>,
): Promise<Omit<RecordedRates, 'refused'>> {
  const lock = `control.exchange_rate ${entity}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(trx);
  const { rows } = await sql<Omit<RecordedRates, 'refused'>>`
    with told (from_currency, to_currency, day, rate, inverse, rate_set, provider_day) as materialized (${told}),
    before as (
      select r.*, max(r.version) over pair as last_version,
        row_number() over (pair order by (r.source = ${source}) desc, r.version desc) as place
      from control.exchange_rate as r
      join told as t on (t.from_currency, t.to_currency, t.day) = (r.from_currency, r.to_currency, r.day)
      where r.entity = ${entity}
      window pair as (partition by r.from_currency, r.to_currency, r.day)
    ),
    judged as (
      select t.*, 1 + coalesce(b.last_version, 0) as version, coalesce(b.source = ${source}, false) as known,
        b.source is distinct from ${source}
          or (t.rate, t.inverse, t.rate_set, t.provider_day) is distinct from
             (b.rate, b.inverse, b.rate_set, b.provider_day) as otherwise
      from told as t
      left join before as b on b.place = 1
        and (b.from_currency, b.to_currency, b.day) = (t.from_currency, t.to_currency, t.day)
    ),
    written as (
      insert into control.exchange_rate (entity, org, from_currency, to_currency, day, version, rate, inverse, source,
        rate_set, provider_day, recorded_at, recorded_by)
      select ${entity}, ${orgOf(entity)}, from_currency, to_currency, day, version, rate, inverse, ${source}, rate_set,
        provider_day, clock_timestamp(), ${by}
      from judged where otherwise
    )
    select count(*) as read, count(*) filter (where otherwise and not known) as new,
      count(*) filter (where otherwise and known) as changed, count(*) filter (where not otherwise) as unchanged
    from judged`.execute(trx);
  const [counts = { read: '0', new: '0', changed: '0', unchanged: '0' }] = rows;
  if (Number(counts.new) > MANY) await refreshStatistics(trx, 'control.exchange_rate');
  return counts;
}

import { sql } from 'kysely';

import type { DaySpan } from '../../domain/rates/days.ts';
import { type RateMark, waitedOut } from '../../domain/rates/rate-window.ts';
import type { Db } from '../database.ts';
import { orgOf } from '../tenancy/org-of.ts';

/** The marks of an entity for what it asks Billing for in terms of `base`, by the other currency. */
export async function readRateMarks(
  db: Db,
  entity: string,
  base: string,
): Promise<ReadonlyMap<string, RateMark>> {
  const rows = await db
    .selectFrom('control.rate_mark')
    .select(['currency', 'synced_from', 'synced_to'])
    .where('entity', '=', entity)
    .where('base', '=', base)
    .execute();
  return new Map(
    rows.map(({ currency, synced_from: syncedFrom, synced_to: syncedTo }) => [
      currency,
      { syncedFrom, syncedTo },
    ]),
  );
}

/** What a run has asked Billing for. */
export interface RatesAsked {
  readonly entity: string;
  readonly org: string;
  readonly base: string;
  readonly currencies: readonly string[];
  readonly span: DaySpan;
}

/**
 * Moves the marks over a span that begins where they end, or before. A currency's mark ends with the last day that it
 * has a rate of: a provider that is late is asked again. After some days without a rate nobody waits for them any more.
 */
export async function moveRateMarks(
  db: Db,
  { entity, base, currencies, span: { from, to } }: RatesAsked,
): Promise<void> {
  await sql`
    insert into control.rate_mark (entity, org, base, currency, synced_from, synced_to)
    select ${entity}, ${orgOf(entity)}, ${base}, c.currency, ${from},
      greatest(${from}::date, ${waitedOut(to)}::date, (
        select max(r.day) from control.exchange_rate as r
        where r.entity = ${entity} and r.source = 'custom-exchange-rates' and r.from_currency = ${base}
          and r.to_currency = c.currency and r.day between ${from}::date and ${to}::date
      ))
    from unnest(${[...currencies]}::text[]) as c (currency)
    on conflict (entity, base, currency) do update set org = excluded.org,
      synced_from = least(rate_mark.synced_from, excluded.synced_from),
      synced_to = greatest(rate_mark.synced_to, excluded.synced_to)`.execute(db);
}

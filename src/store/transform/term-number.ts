import { type RawBuilder, sql } from 'kysely';

import { objectOf } from '../../domain/catalogue/catalogue.ts';
import type { Db } from '../database.ts';
import { prestagingTable } from '../prestaging-table.ts';
import { byKey } from '../recollect/by-key.ts';
import type { DerivedJoin } from './derivation.ts';

const subscriptions = prestagingTable(objectOf('Subscription'));

/**
 * `renewal`: the days on which a renewal started a new term of a subscription, by subscription name. A renewal
 * is a version whose term starts where the term of the version before it ended or later; a version that
 * merely moved its dates is none. Few subscriptions have renewed, so the table is small.
 */
export async function takeRenewals(trx: Db, entity: string): Promise<void> {
  const renewals = sql`
    create temporary table renewal on commit drop as
    select later.name, array_agg(distinct later.term_start_date) as starts
    from ${subscriptions} as later
    join ${subscriptions} as earlier on earlier.entity = later.entity and earlier.id = later.previous_subscription_id
    where later.entity = ${entity} and later.previous_subscription_id is not null
      and later.term_start_date >= earlier.term_end_date
    group by later.name`;
  await byKey(trx, () => renewals.execute(trx));
  await sql`analyze renewal`.execute(trx);
}

/** Joins the renewals of a subscription's name. */
export function renewalsJoin(subscription: string): DerivedJoin {
  return {
    alias: 'Renewals',
    kind: 'run',
    clause: sql`left join renewal as "Renewals" on "Renewals".name = ${sql.id(subscription, 'name')}`,
  };
}

/**
 * 1 + the renewals that had started when the segment starts: a segment belongs to one term (domain.md
 * 4.1), whichever of the subscription's versions carries it and in whatever order they arrive.
 * Without a subscription the line is standalone, term 1. Null: there were renewals, and no day tells which came before.
 */
export function termNumber(subscription: string, start: RawBuilder<unknown>): RawBuilder<string | null> {
  const day = sql`coalesce(${start}, ${sql.id(subscription, 'term_start_date')})`;
  return sql<string | null>`case when "Renewals".starts is null then 1
    when ${day} is null then null
    else 1 + (select count(*) from unnest("Renewals".starts) as s (day) where s.day <= ${day}) end`;
}

import { type RawBuilder, sql } from 'kysely';

import { objectOf } from '../../domain/catalogue/catalogue.ts';
import { prestagingTable } from '../prestaging-table.ts';
import type { DerivedJoin } from './derivation.ts';

const subscriptions = prestagingTable(objectOf('Subscription'));

/**
 * The days on which a renewal started a new term of a subscription. A renewal is a version whose term
 * starts where the term of the version before it ended or later; a version that merely moved its dates
 * is none. Few subscriptions have renewed, so this side of the join is small.
 */
export function renewalsJoin(subscription: string): DerivedJoin {
  return {
    alias: 'Renewals',
    versioned: false,
    clause: sql`left join (
      select later.entity, later.name, array_agg(distinct later.term_start_date) as starts
      from ${subscriptions} as later
      join ${subscriptions} as earlier on earlier.entity = later.entity and earlier.id = later.previous_subscription_id
      where later.term_start_date >= earlier.term_end_date
      group by later.entity, later.name
    ) as "Renewals" on "Renewals".entity = ${sql.id(subscription, 'entity')} and "Renewals".name = ${sql.id(subscription, 'name')}`,
  };
}

/**
 * 1 + the renewals that had started when the segment starts: a segment belongs to one term (domain.md
 * 4.1), whichever of the subscription's versions carries it and in whatever order they arrive.
 * Without a subscription the line is standalone, term 1.
 */
export function termNumber(subscription: string, start: RawBuilder<unknown>): RawBuilder<string | null> {
  const day = sql`coalesce(${start}, ${sql.id(subscription, 'term_start_date')})`;
  return sql<string | null>`case when "Renewals".starts is null then 1
    else 1 + (select count(*) from unnest("Renewals".starts) as s (day) where s.day <= ${day}) end`;
}

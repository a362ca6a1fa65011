import { type RawBuilder, sql } from 'kysely';

import { DELETED_IN_BILLING } from '../../domain/findings.ts';

/** Subscription versions that are looked for below another: a version may be any number. */
const REACH = 1_000;

/**
 * Versions of SO lines that are in Staging and were superseded by newer ones in earlier collections: in a `from` list
 * beside `of`, which has `entity`, `so_line_id` and the versions to look among, `above` and `upto`. They are found by
 * their ids. What was superseded because Billing deleted it never counted.
 */
export const supersededVersions = (of: string): RawBuilder<unknown> => sql`
  lateral (
    select l.entity, l.id, l.subscription_version as version, l.ext_sell_price as amount,
      l.transaction_currency as currency
    from generate_series(
      greatest(${sql.ref(`${of}.above`)} + 1, ${sql.ref(`${of}.upto`)} - ${sql.lit(REACH)}), ${sql.ref(`${of}.upto`)}
    ) as v (version)
    join staging.line_state as s on s.entity = ${sql.ref(`${of}.entity`)}
      and s.id = 'SO:' || ${sql.ref(`${of}.so_line_id`)} || '@' || v.version and s.status = 'superseded'
    join staging.line as l on l.entity = s.entity and l.id = s.id
    where not exists (
      select from staging.finding as f
      where f.entity = l.entity and f.line = l.id and f.finding = ${DELETED_IN_BILLING} and f.resolved_at is null
    )
  )`;

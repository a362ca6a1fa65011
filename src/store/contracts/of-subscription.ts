import { type RawBuilder, sql } from 'kysely';

/**
 * Whether a contract, `revenue.contract` under an alias, has SO lines of a subscription. Its own `subscription` does not
 * tell: that is empty where it is no part of the key, and a contract of another key can have lines of several.
 */
export const hasLinesOf = (contract: string, subscription: string | null): RawBuilder<boolean> => sql`
  (${sql.id(contract, 'org')}, ${sql.id(contract, 'id')}) in (
    select b.org, b.contract
    from staging.line as so
    join revenue.booking as b on b.org = so.org and b.so_line_id = so.so_line_id
      and b.entity = so.entity and b.line = so.id
    where so.type = 'SO' and so.subscription_name = ${subscription}
  )`;

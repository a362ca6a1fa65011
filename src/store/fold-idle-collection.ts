import { sql } from 'kysely';

import type { Db } from './database.ts';

/** Where rows name the collection that made them. A collection that one of them names stays for ever. */
export const REFERENCES = ['revenue.line', 'revenue.contract_version'] as const;

/**
 * Folds the organisation's last completed collection into the one that is being completed, where both collected nothing,
 * found the same, and no row refers to the earlier one: a loop leaves one row however often it collects nothing. Belongs
 * into the transaction that completes a collection.
 */
export async function foldIdleCollection(trx: Db, collection: string): Promise<void> {
  const referring = REFERENCES.map(
    (table) => sql`exists (select from ${sql.table(table)} as t where t.collection = e.collection)`,
  );
  await sql`
    with folded as (
      delete from control.collection as e using control.collection as n
      where n.collection = ${collection} and n.result @> '{"collected": "0", "contracts": "0"}'
        and e.collection = (
          select before.collection from control.collection as before
          where before.org = n.org and before.collection < n.collection and before.state = 'completed'
          order by before.collection desc limit 1
        )
        and e.result = n.result and not (${sql.join(referring, sql` or `)})
      returning e.idle_collections + 1 as collections, coalesce(e.idle_since, e.opened_at) as since
    )
    update control.collection as c set idle_collections = f.collections, idle_since = f.since
    from folded as f where c.collection = ${collection}`.execute(trx);
}

import { type RawBuilder, sql } from 'kysely';

import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import { prestagingTable } from '../prestaging-table.ts';
import type { RowKey } from '../transform/rows-join.ts';

interface RowsThen {
  readonly object: BillingObject;
  readonly key: RowKey;
  /** The run that looked. */
  readonly run: RawBuilder<unknown>;
  /** The UpdatedDate that it saw; null when that is not known. */
  readonly dated: RawBuilder<unknown>;
}

/**
 * The rows of an object as a run found them, by what they have in the columns of `key` now: ids and the ways
 * between rows stay. Columns are the table's, with `changed_run` of the version, and `newest_run`, that of the row
 * as it is now. A version whose `changed_run` is later than the run stands for one that differed in nothing but its
 * date that history keeps, or for a row that was not there yet.
 */
export function rowsThen({ object, key, run, dated }: RowsThen): RawBuilder<unknown> {
  const table = prestagingTable(object);
  const named = sql.join(
    Object.entries(key).map(([column, value]) => sql`p.${sql.ref(column)} = ${value}`),
    sql` and `,
  );
  // What was brought late and never stood has no run in history.
  return sql`
    select p.*, p.changed_run as newest_run from ${table} as p where ${named} and p.changed_run <= ${run}
    union all
    select v.*, p.changed_run from ${table} as p
    left join lateral (
      select h.content from prestaging.history as h
      where h.entity = p.entity and h.object = ${object.name} and h.id = p.id and h.replaced_run > ${run}
        and h.content ? 'changed_run'
      order by h.replaced_run, (h.content ->> 'changed_run')::bigint limit 1
    ) as old on true
    cross join lateral (select coalesce(old.content, to_jsonb(p)) as content) as found
    cross join lateral jsonb_populate_record(null::${table}, case
      when (found.content ->> 'changed_run')::bigint > ${run} and ${dated} is not null
        then found.content || jsonb_build_object('updated_date', ${dated})
      else found.content end) as v
    where ${named} and p.changed_run > ${run}`;
}

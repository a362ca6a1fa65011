import { type RawBuilder, sql } from 'kysely';

import { STAGING_FIELDS } from '../../domain/mapping/staging-fields.ts';

const COLUMNS = sql.join(STAGING_FIELDS.map(({ label, column }) => sql`(${label}, ${column})`));

/**
 * Joins `x` to a finding `f` about a collected line `l`: the line with the values that the finding tells, and what it has
 * of its own, as an object of columns.
 */
export const updatedForm = (own: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    cross join lateral (
      select jsonb_object_agg(v.name, e.change -> 'is') as fields
      from jsonb_array_elements(f.detail -> 'changes') as e (change)
      join (values ${COLUMNS}) as v (label, name) on v.label = e.change ->> 'field'
    ) as changed
    cross join lateral jsonb_populate_record(l, changed.fields || ${own}) as x`;

/** The id of a line's first form. */
export const baseOf = (id: RawBuilder<unknown>): RawBuilder<string> =>
  sql<string>`regexp_replace(${id}, '#\\d+$', '')`;

/** The n of the next form of the line `l`. */
export const nextForm = sql<number>`(
      select 1 + max(o.form) from staging.line as o
      where o.entity = l.entity and o.source_id = l.source_id and ${baseOf(sql`o.id`)} = ${baseOf(sql`l.id`)}
    )`;

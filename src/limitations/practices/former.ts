import { type RawBuilder, sql } from 'kysely';

/**
 * Former versions of an object's rows as history keeps them, `content` by column, numbered by `place` from the oldest.
 * `changed_at` is when the version after it came to be: the UpdatedDate of the next one, null for the last but the one
 * that stands.
 */
export const formerVersions = (entity: string, object: string): RawBuilder<unknown> => sql`(
      select h.id, h.content, row_number() over one as place, lead(h.updated_date) over one as changed_at
      from prestaging.history as h
      where h.entity = ${entity} and h.object = ${object}
      window one as (partition by h.id order by h.updated_date, h.replaced_run)
    )`;

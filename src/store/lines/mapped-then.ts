import { sql } from 'kysely';

import { findStagingField, type StagingField } from '../../domain/mapping/staging-fields.ts';
import type { Db } from '../database.ts';
import type { LineKey } from './line-key.ts';
import type { Trail } from './trail.ts';

/** What a row of the template finds at the end of the trail, beside what the line holds. */
export interface MappedThen {
  /** It finds nothing: a default, if there is one, stands in its place. */
  readonly empty: boolean;
  /** The line holds just that. */
  readonly same: boolean;
}

/** What the rows of the template found when the line was formed, by label, as far as history tells. */
export async function readMapped(
  db: Db,
  trail: Trail,
  { entity, id }: LineKey,
): Promise<Map<string, MappedThen>> {
  const fields = trail.template.rows
    .map(({ to }) => findStagingField(to))
    .filter((field) => field !== undefined);
  const all = (test: (field: StagingField) => ReturnType<typeof sql>) =>
    sql`array[${sql.join(fields.map(test))}]`;
  const { rows } = await sql<{ empty: boolean[]; same: boolean[] }>`
    select found.* from staging.line as l
    join control.entity as "Entity" on "Entity".entity = l.entity
    join lateral (
      select ${all(({ column }) => sql`(${trail.mapped(column)}) is null`)} as empty,
        ${all(({ column }) => sql`(${trail.mapped(column)}) is not distinct from ${sql.id('l', column)}`)} as same
      ${trail.way}
    ) as found on true
    where l.entity = ${entity} and l.id = ${id}`.execute(db);
  const [found] = rows;
  if (found === undefined) return new Map();
  return new Map(
    fields.map(({ label }, at) => [
      label,
      { empty: found.empty[at] === true, same: found.same[at] === true },
    ]),
  );
}

import { type RawBuilder, sql } from 'kysely';

import { kebabCase } from '../../domain/catalogue/define-object.ts';
import { ORPHANED } from '../../domain/holds.ts';
import { isNeeded, type Join } from './join-tree.ts';

/**
 * `orphan-<object>:<Object> <key>, which ...` where a key leads to no row or to one that Billing deleted, or
 * is missing where there has to be one. A line keeps the values of a deleted row: a collected one must not
 * look changed by it.
 */
export function orphan(join: Join): RawBuilder<string | null>[] {
  const { alias, object, key, presence } = join;
  if (presence === 'optional') return [];
  const id = sql.id(alias, 'id');
  const absent = presence === 'named' ? sql`${key} is not null and ${id} is null` : sql`${id} is null`;
  const [applies, why] = isNeeded(join)
    ? [
        sql`${absent} or ${sql.id(alias, 'deleted')}`,
        sql`case when ${id} is null then ${sql.lit(ORPHANED.missing)} else ${sql.lit(ORPHANED.deleted)} end`,
      ]
    : [absent, sql.lit(ORPHANED.missing)];
  // The condition first: nearly every row has its parents, and no text is put together for it.
  return [
    sql<string | null>`case when ${applies}
    then ${sql.lit(`orphan-${kebabCase(object.name)}:`)} || coalesce(${sql.lit(`${object.name} `)} || ${key}, ${sql.lit(`its ${object.name}`)}) || ', ' || ${why} end`,
  ];
}

import type { RawBuilder } from 'kysely';

import type { Db } from '../database.ts';
import type { ComputedJoin } from '../transform/derivation.ts';

/** A column that an expression reads; of a column of custom fields, the field. */
export interface ReadColumn {
  readonly alias: string;
  readonly column: string;
  readonly custom: string | null;
}

/** `"Alias".column`, `"Alias"."column"`, and what may be taken out of a jsonb one. */
const COLUMN = /"([^"]+)"\."?(\w+)"?(?: ->> '(\w+)')?/g;

/**
 * The columns of joined rows that an expression of the transformation reads, in their order, each once. Names that
 * computed joins give are followed to what they stand for, so that the answer is always that of the code.
 */
export function columnsRead(
  db: Db,
  expression: RawBuilder<unknown>,
  computed: readonly ComputedJoin[],
): ReadColumn[] {
  const joins = new Map(computed.map((join) => [join.alias, join]));
  const found = new Map<string, ReadColumn>();
  const followed = new Set<string>();
  const follow = (from: RawBuilder<unknown>): void => {
    for (const [text, alias = '', column = '', custom = null] of from.compile(db).sql.matchAll(COLUMN)) {
      const join = joins.get(alias);
      const target = join?.values?.[column] ?? join?.clause;
      if (target === undefined) found.set(text, { alias, column, custom });
      else if (!followed.has(`${alias}.${column}`)) {
        followed.add(`${alias}.${column}`);
        follow(target);
      }
    }
  };
  follow(expression);
  return [...found.values()];
}

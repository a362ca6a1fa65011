import { type RawBuilder, sql } from 'kysely';

import type { ComputedJoin } from './derivation.ts';

/** Names values of a row: `"Alias".name`. PostgreSQL puts the expressions where the names stand, at no cost. */
export function valuesJoin(
  alias: string,
  values: Readonly<Record<string, RawBuilder<unknown>>>,
): ComputedJoin {
  const named = Object.entries(values).map(([name, value]) => sql`${value} as ${sql.id(name)}`);
  return {
    alias,
    kind: 'values',
    values,
    clause: sql`cross join lateral (select ${sql.join(named)}) as ${sql.id(alias)}`,
  };
}

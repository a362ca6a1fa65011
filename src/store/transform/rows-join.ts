import { type RawBuilder, sql } from 'kysely';

import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import { prestagingTable } from '../prestaging-table.ts';

/** Rows of an object by what they have in some of their columns. */
export type RowKey = Readonly<Record<string, RawBuilder<unknown>>>;

interface Rows {
  readonly alias: string;
  readonly object: BillingObject;
  readonly key: RowKey;
  /** What else has to hold. */
  readonly condition?: RawBuilder<boolean>;
  /** Only the first row of a key, by bare columns: of those that `having` chooses, in the order `by`. */
  readonly first?: { readonly having: RawBuilder<boolean>; readonly by: RawBuilder<unknown> };
}

/** A join of a derivation to rows of pre-staging, whose change matters. */
export interface RowsJoin extends Rows {
  readonly kind: 'rows';
  readonly clause: RawBuilder<unknown>;
}

export function rowsJoin(rows: Rows): RowsJoin {
  const { alias, object, key, condition, first } = rows;
  const columns = sql.join(Object.keys(key).map((column) => sql.ref(column)));
  const table =
    first === undefined
      ? prestagingTable(object)
      : sql`(
        select distinct on (${columns}) * from ${prestagingTable(object)}
        where ${first.having} order by ${columns}, ${first.by}
      )`;
  const matches = Object.entries(key).map(([column, value]) => sql`${sql.id(alias, column)} = ${value}`);
  const all = condition === undefined ? matches : [...matches, condition];
  return {
    ...rows,
    kind: 'rows',
    clause: sql`left join ${table} as ${sql.id(alias)}
  on ${sql.join(all, sql` and `)}`,
  };
}

import { type RawBuilder, sql } from 'kysely';

import { CUSTOM_RECORDS } from '../load/target.ts';
import type { ComputedJoin } from '../transform/derivation.ts';
import type { Join, JoinTree } from '../transform/join-tree.ts';
import type { RowsJoin } from '../transform/rows-join.ts';
import { rowsThen } from './rows-then.ts';

const entity = sql`l.entity`;
const run = sql`l.run`;

/** The UpdatedDate that the line keeps of a stop, by its place from 1. */
const dateOf = (place: number): RawBuilder<unknown> => sql`l.sources[${sql.lit(place)}]`;

/**
 * `from ... join ...` over the versions of the rows that the run of `staging.line as l` found: the rows of one line,
 * under the aliases of the transformation. Without the joins that are there only while a run transforms.
 */
export function wayOf(
  { driver, joins }: JoinTree,
  rows: readonly RowsJoin[],
  computed: readonly ComputedJoin[],
  soLineId: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const steps = [...joins.map(joinedRows), ...rows.map(derivedRows)];
  // Another revsync may have formed the line by other joins; then only the driver's date is certain.
  const certain = sql`cardinality(l.sources) = ${sql.lit(steps.length + 1)}`;
  const clauses = [
    ...steps.map(({ alias, versions, condition }, at) => {
      const dated = sql`case when ${certain} then ${dateOf(at + 2)} end`;
      // A row that had a date was there, even if no version of then is kept; one that came later had none.
      return sql`left join lateral (${versions(dated)}) as ${sql.id(alias)}
        on (${sql.id(alias, 'changed_run')} <= ${run} or ${dated} is not null or not ${certain}) and ${condition}`;
    }),
    ...computed.flatMap(({ kind, clause, ofOne = clause }) => (kind === 'values' ? [ofOne] : [])),
  ];
  // One driver may have formed several lines, each with an SO line id of its own.
  return sql`
    from (${rowsThen({ object: driver, key: { entity, id: sql`l.source_id` }, run, dated: dateOf(1) })}) as ${sql.id(driver.name)}
    ${sql.join(clauses, sql`\n`)}
    order by (${soLineId} is not distinct from l.so_line_id) desc
    limit 1`;
}

/** From what is joined before to the rows under an alias. */
interface Step {
  readonly alias: string;
  readonly versions: (dated: RawBuilder<unknown>) => RawBuilder<unknown>;
  readonly condition: RawBuilder<unknown>;
}

function joinedRows({ alias, object, key: id }: Join): Step {
  const named = object.table === CUSTOM_RECORDS ? { object: sql.lit(object.name) } : {};
  const key = { entity, ...named, id };
  return { alias, versions: (dated) => rowsThen({ object, key, run, dated }), condition: sql`true` };
}

function derivedRows({ alias, object, key, condition = sql<boolean>`true`, first }: RowsJoin): Step {
  const all: Step['versions'] = (dated) => rowsThen({ object, key, run, dated });
  if (first === undefined) return { alias, versions: all, condition };
  const versions: Step['versions'] = (dated) => sql`select * from (${all(dated)}) as t where ${first.having}
    order by t.changed_run > ${run}, ${first.by} limit 1`;
  return { alias, versions, condition };
}

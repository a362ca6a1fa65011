import { type Row } from '../tenant.ts';
import { type Compiled } from './compiled.ts';
import { type Ordering } from './plan-order.ts';
import { type SelectItem, type SqlType, type Value } from './sql-tree.ts';
import { type Table } from './tables.ts';

export interface OutputColumn {
  readonly name: string;
  readonly type: SqlType;
}

/** Takes a row of the result, and what it is ordered by. */
export type Emit = (values: readonly Value[], keys: readonly Value[]) => void;

/** One pass over the rows of a table. */
export interface Pass {
  row(row: Row): void;
  end(): void;
}

/** How a select turns rows into results. */
export interface Projection {
  readonly columns: readonly OutputColumn[];
  readonly keyTypes: readonly SqlType[];
  start(emit: Emit): Pass;
}

/** A select, checked and ready to run. */
export interface SelectPlan extends Projection {
  /** Null for a select of literals: it gives one row. */
  readonly table: Table | null;
  /** Whether the query names the column `deleted`: then deleted rows come beside the others. */
  readonly namesDeleted: () => boolean;
}

export interface Output<Source> extends OutputColumn, Compiled<Source> {}

/** Trino calls a column without a name by its place. */
export function outputName({ alias, expression }: SelectItem, index: number): string {
  return alias ?? (expression?.kind === 'column' ? expression.name : `_col${index}`);
}

export function emitRow<Source>(
  source: Source,
  outputs: readonly Output<Source>[],
  ordering: Ordering<Source>,
  emit: Emit,
): void {
  const values = outputs.map(({ of }) => of(source));
  emit(values, ordering.keys(source, values));
}

import { type ColumnName, type Expression, type Select, type SqlType, type Value } from './sql-tree.ts';

/** An expression ready to run. */
export interface Compiled<Row> {
  readonly type: SqlType;
  readonly of: (row: Row) => Value;
}

/** The values that a select in parentheses gives; they are there before the first row is looked at. */
export interface Lookup {
  readonly type: SqlType;
  values(): readonly string[];
  hasNull(): boolean;
}

/** What names mean where an expression stands. */
export interface Scope<Row> {
  /** Throws `SqlError` for names that mean nothing. */
  column(column: ColumnName): Compiled<Row>;
  /** Expressions that are already known as a whole, such as keys of a group. */
  known?(expression: Expression): Compiled<Row> | undefined;
  lookup(select: Select): Lookup;
}

export function constant<Row>(type: SqlType, value: Value): Compiled<Row> {
  return { type, of: () => value };
}

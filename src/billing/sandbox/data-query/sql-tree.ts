import { type Place } from './sql-error.ts';

/** Types as Trino names them in `DESCRIBE`; `unknown` is that of NULL alone. */
export type SqlType =
  'varchar' | 'decimal(22,9)' | 'bigint' | 'boolean' | 'date' | 'timestamp with time zone' | 'unknown';

/**
 * A value by its type: booleans `true` and `false`, numbers plain decimals, dates `YYYY-MM-DD`,
 * timestamps UTC without a zone (`2021-07-15T14:45:55`, with a fraction only where there is one).
 */
export type Value = string | null;

export type CompareOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export interface ColumnName {
  readonly kind: 'column';
  readonly table: string | null;
  /** In lower case. */
  readonly name: string;
  readonly place: Place;
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  /** Empty for `count(*)`. */
  readonly args: readonly Expression[];
  readonly place: Place;
}

export type Expression =
  | { readonly kind: 'literal'; readonly type: SqlType; readonly value: Value; readonly place: Place }
  | ColumnName
  | Call
  | {
      readonly kind: 'cast';
      readonly inner: Expression;
      readonly type: SqlType;
      /** Decimal places that a number is rounded to. */
      readonly scale: number | null;
      readonly place: Place;
    }
  | {
      readonly kind: 'compare';
      readonly operator: CompareOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly place: Place;
    }
  | {
      readonly kind: 'in';
      readonly inner: Expression;
      readonly list: readonly Expression[] | Select;
      readonly place: Place;
    }
  | { readonly kind: 'is-null'; readonly inner: Expression; readonly place: Place }
  | { readonly kind: 'like'; readonly inner: Expression; readonly pattern: string; readonly place: Place }
  | { readonly kind: 'not'; readonly inner: Expression; readonly place: Place }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[]; readonly place: Place };

export interface SelectItem {
  /** Null for `*`. */
  readonly expression: Expression | null;
  readonly alias: string | null;
  readonly place: Place;
}

export interface TableName {
  readonly name: string;
  readonly alias: string;
  readonly place: Place;
}

export interface Select {
  readonly items: readonly SelectItem[];
  /** Null for a select of literals. */
  readonly from: TableName | null;
  readonly where: Expression | null;
  readonly groupBy: readonly Expression[];
}

export interface OrderKey {
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface Query {
  readonly kind: 'query';
  /** More than one: `union all`. */
  readonly selects: readonly [Select, ...Select[]];
  readonly orderBy: readonly OrderKey[];
  readonly offset: number;
  readonly limit: number | null;
}

export type Statement =
  | Query
  | { readonly kind: 'show-tables'; readonly like: string | null }
  | { readonly kind: 'show-columns'; readonly table: TableName };

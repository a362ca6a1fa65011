import { eachRow } from '../each-row.ts';
import { sortRows } from '../row-sorter.ts';
import { openLineFile } from './line-file.ts';
import { type ResultFormat, linesOf } from './result-lines.ts';
import { type OutputColumn } from './select-plan.ts';
import { SqlError } from './sql-error.ts';
import { type SqlType, type Value } from './sql-tree.ts';
import { orderOf } from './values.ts';

export interface SortKey {
  readonly type: SqlType;
  readonly descending: boolean;
}

export interface ResultShape {
  readonly columns: readonly OutputColumn[];
  /** Empty: rows stay in the order in which they come. */
  readonly order: readonly SortKey[];
  readonly offset: number;
  readonly limit: number | null;
}

export type OpenResult = (shape: ResultShape) => QueryResult;

/** The file of a result while it is written. */
export interface QueryResult {
  /** Throws `SqlError` when there are more rows than a result may have. */
  add(values: readonly Value[], keys: readonly Value[]): void;
  /** Whether no further row will be taken. */
  isFull(): boolean;
  /** Completes the file; answers how many rows it holds. */
  finish(): Promise<number>;
  /** Gives up what is not complete; does nothing after `finish`. */
  drop(): void;
}

export interface ResultPlace {
  readonly path: string;
  readonly format: ResultFormat;
  readonly separator: string;
  /** The most rows that a result may have: 500,000 of live data (wire.md 2.3). */
  readonly most: number;
}

/** Rows go to disk as they come; those that have to be ordered by way of a sorter. */
export function openQueryResult(
  { path, format, separator, most }: ResultPlace,
  { columns, order, offset, limit }: ResultShape,
): QueryResult {
  const lines = linesOf(format, columns, separator);
  const file = openLineFile(path);
  const sorter = order.length === 0 ? null : sortRows(path, byKeys(order));
  const last = limit === null ? Infinity : offset + limit;
  let seen = 0;
  let rows = 0;
  file.append(lines.header);

  const write = (line: string): void => {
    seen += 1;
    if (seen <= offset || seen > last) return;
    rows += 1;
    if (rows > most) throw new SqlError(`Query exceeded the maximum number of output rows of ${most}`);
    file.append(line);
  };
  return {
    add(values, keys) {
      if (seen >= last) return;
      const line = lines.line(values);
      if (sorter === null) write(line);
      else sorter.add(keys, line);
    },
    isFull: () => seen >= last,
    async finish() {
      if (sorter !== null) await eachRow(sorter.sorted(), write, () => seen < last);
      file.close();
      return rows;
    },
    drop: () => file.close(),
  };
}

type Keys = readonly Value[];

function byKeys(order: readonly SortKey[]): (one: Keys, other: Keys) => number {
  const compares = order.map(({ type, descending }) => nullsLast(orderOf(type), descending));
  return (one, other) => {
    for (const [index, compare] of compares.entries()) {
      const found = compare(one[index] ?? null, other[index] ?? null);
      if (found !== 0) return found;
    }
    return 0;
  };
}

/** Trino puts nulls last, whatever the direction. */
function nullsLast(
  order: (one: string, other: string) => number,
  descending: boolean,
): (one: Value, other: Value) => number {
  return (one, other) => {
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return descending ? order(other, one) : order(one, other);
  };
}

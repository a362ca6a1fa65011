import { type Pass } from './export-pass.ts';
import { type Row } from './tenant.ts';
import { type RowTest } from './zoql-filter.ts';

export interface RowsWanted {
  readonly object: string;
  readonly test: RowTest;
  readonly offset: number;
  readonly count: number;
  /** Null: as they come. */
  readonly order: ((one: Row, other: Row) => number) | null;
}

/** Some of the rows that are not deleted, and whether there are more of them. */
export async function findRows(
  pass: Pass,
  { object, test, offset, count, order }: RowsWanted,
): Promise<{ readonly rows: readonly Row[]; readonly isMore: boolean }> {
  const last = offset + count;
  let held: Row[] = [];
  let seen = 0;
  const keepFirst = (order: NonNullable<RowsWanted['order']>): void => {
    held = held.toSorted(order).slice(0, last + 1);
  };
  const visit = (_: string, row: Row): void => {
    if (row['Deleted'] === 'true' || !test(row)) return;
    seen += 1;
    if (order === null) {
      if (seen > offset && seen <= last + 1) held.push(row);
      return;
    }
    held.push(row);
    // Never more than twice what can be asked for.
    if (held.length > 2 * (last + 1)) keepFirst(order);
  };
  await pass([object], visit, () => order !== null || seen <= last);
  if (order !== null) {
    keepFirst(order);
    held = held.slice(offset);
  }
  return { rows: held.slice(0, count), isMore: held.length > count };
}

import fc from 'fast-check';

import type { Rows } from './sync-rows.ts';

export type Row = Readonly<Record<string, string | null>>;

/** One row as Billing had it at some time. */
export interface Version {
  readonly object: string;
  readonly row: Row;
}

export const versionsOf = (rows: Rows): Version[] =>
  Object.entries(rows).flatMap(([object, list]) => list.map((row) => ({ object, row })));

/** As a file of an object has them: every row with every column of the object. */
export function batchOf(versions: readonly Version[], all: readonly Version[]): Rows {
  const columns = (object: string) =>
    Object.fromEntries(
      all
        .filter((each) => each.object === object)
        .flatMap(({ row }) => Object.keys(row).map((key) => [key, null])),
    );
  return versions.reduce<Record<string, Row[]>>((batch, { object, row }) => {
    (batch[object] ??= []).push({ ...columns(object), ...row });
    return batch;
  }, {});
}

/** Every order of these, cut into one to three batches. */
export const arrivals = <Item>(items: readonly Item[]): fc.Arbitrary<Item[][]> =>
  fc
    .tuple(
      fc.shuffledSubarray([...items], { minLength: items.length }),
      fc.array(fc.nat({ max: items.length }), { maxLength: 2 }),
    )
    .map(([order, cuts]) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), order.length];
      return edges.slice(1).map((edge, index) => order.slice(edges[index], edge));
    });

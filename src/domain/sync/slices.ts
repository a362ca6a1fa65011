/** How many rows changed in a span of time, `[from, to)`, ISO instants; `from` null: from the beginning. */
export interface Bucket {
  readonly from: string | null;
  readonly to: string;
  readonly rows: number;
}

/**
 * Puts neighbouring buckets together into spans of at most `limit` rows each. A bucket that alone holds
 * more is `crowded`: it has to be counted again in a finer unit. Spans and crowded buckets cover
 * exactly what the buckets cover.
 */
export function slicesOf(
  buckets: readonly Bucket[],
  limit: number,
): { readonly slices: readonly Bucket[]; readonly crowded: readonly Bucket[] } {
  const slices: Bucket[] = [];
  const crowded: Bucket[] = [];
  let open: Bucket | null = null;
  for (const bucket of buckets) {
    if (bucket.rows > limit) {
      crowded.push(bucket);
      if (open !== null) slices.push(open);
      open = null;
    } else if (open !== null && open.rows + bucket.rows <= limit) {
      open = { from: open.from, to: bucket.to, rows: open.rows + bucket.rows };
    } else {
      if (open !== null) slices.push(open);
      open = bucket;
    }
  }
  if (open !== null) slices.push(open);
  return { slices, crowded };
}

/**
 * Starts of time units with their counts, made into buckets that cover the whole of `[from, to)` without a
 * gap: where nothing was counted, one bucket without rows.
 */
export function bucketsOf(
  counts: readonly { readonly at: string; readonly rows: number }[],
  span: { readonly from: string | null; readonly to: string },
): readonly Bucket[] {
  const starts = counts.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  if (starts.length === 0) return [{ ...span, rows: 0 }];
  return starts.map(({ at, rows }, index) => ({
    from: index === 0 ? span.from : at,
    to: starts[index + 1]?.at ?? span.to,
    rows,
  }));
}

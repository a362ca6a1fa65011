/** How large the windows are in which history is brought. */
export const CHUNK_SIZES = ['month', 'quarter', 'year'] as const;
export type ChunkSize = (typeof CHUNK_SIZES)[number];

const MONTHS: Readonly<Record<ChunkSize, number>> = { month: 1, quarter: 3, year: 12 };

/** Half-open; `from` null: from the beginning. ISO instants. */
export interface ChunkWindow {
  readonly from: string | null;
  readonly to: string;
}

/**
 * The windows of UpdatedDate from the earliest change to the end, cut where calendar months (UTC) begin. Together they
 * are everything before the end, each instant once: the first one has no beginning. Without anything earlier
 * than the end there are none.
 */
export function chunkWindows(earliest: string | null, end: string, size: ChunkSize): ChunkWindow[] {
  if (earliest === null || Date.parse(earliest) >= Date.parse(end)) return [];
  const first = new Date(earliest);
  const windows: ChunkWindow[] = [];
  let from: string | null = null;
  for (let months = 0; ; months += MONTHS[size]) {
    const start = Math.floor(first.getUTCMonth() / MONTHS[size]) * MONTHS[size];
    const next = new Date(Date.UTC(first.getUTCFullYear(), start + months + MONTHS[size], 1)).toISOString();
    if (Date.parse(next) >= Date.parse(end)) return [...windows, { from, to: end }];
    windows.push({ from, to: next });
    from = next;
  }
}

/** Seconds; see the configuration. */
export interface WindowPolicy {
  readonly lagSeconds: number;
  readonly overlapSeconds: number;
}

const SECOND = 1000;

/**
 * The half-open window of UpdatedDate that a run reads: from the mark less the overlap, to now less the
 * lag, in whole seconds, since ZOQL knows no finer ones. Without a mark the first run is full. Zuora advises
 * to stay two hours behind, because long transactions commit late; the overlap catches what came late
 * even so, and rows that were here before are found unchanged.
 *
 * @param mark ISO instant or null
 * @param now  milliseconds since 1970
 */
export function syncWindow(
  mark: string | null,
  now: number,
  { lagSeconds, overlapSeconds }: WindowPolicy,
): { from: string | null; to: string } {
  const to = Math.ceil(now / SECOND) * SECOND - lagSeconds * SECOND;
  const marked = mark === null ? null : Math.floor(Date.parse(mark) / SECOND) * SECOND;
  // A mark ahead of the window (a shorter lag before, a clock set back) must not turn it around.
  const from = marked === null ? null : Math.min(marked - overlapSeconds * SECOND, to);
  return { from: from === null ? null : instant(from), to: instant(Math.max(to, marked ?? to)) };
}

const instant = (time: number): string => new Date(time).toISOString();

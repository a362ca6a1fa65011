/** How far a run reads, as configured. */
export interface WindowPolicy {
  readonly lagSeconds: number;
  readonly overlapSeconds: number;
  /** Days that a run which looks back reads beyond its window; 0: from the beginning. */
  readonly lookBackDays: number;
  /** Hours from one look-back to the next; 0: never. */
  readonly lookBackEveryHours: number;
}

/** The marks of an entity: where its last run's window ended, and that of the last that looked back; ISO instants. */
export interface Mark {
  readonly highWater: string | null;
  readonly lookedBackTo: string | null;
}

export interface SyncWindow {
  /** Null: from the beginning. */
  readonly from: string | null;
  readonly to: string;
  /** Whether the run reads further back than its mark asks for, and compares keys. */
  readonly lookBack: boolean;
}

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/**
 * The half-open window of UpdatedDate that a run reads: from the mark less the overlap, to now less the
 * lag, in whole seconds, since ZOQL knows no finer ones. Without a mark the first run is full. Zuora advises
 * to stay two hours behind, because long transactions commit late; the overlap catches what came late
 * even so, and rows that were here before are found unchanged. Some fields change without touching
 * UpdatedDate: now and then a run looks back further, as the policy says.
 *
 * A run of a schedule reads to when it was due instead of now, so that what it covers does not hang on when it came to
 * run. What was due before the mark has been read: such a run reads the overlap, and the mark stays.
 *
 * @param now milliseconds since 1970, by the clock that is behind: Billing's or ours
 * @param due when a schedule wanted the run, in milliseconds since 1970
 */
export function syncWindow(mark: Mark, now: number, policy: WindowPolicy, due = now): SyncWindow {
  const { overlapSeconds } = policy;
  const reach = behind(now, policy);
  const to = Math.min(reach, behind(due, policy));
  if (mark.highWater === null) return { from: null, to: instant(to), lookBack: true };
  const marked = Math.floor(Date.parse(mark.highWater) / SECOND) * SECOND;
  // A mark ahead of the window (a shorter lag before, a clock set back) must not turn it around.
  const from = Math.min(marked - overlapSeconds * SECOND, reach);
  const end = instant(Math.max(to, marked));
  if (!isLookBackDue(mark.lookedBackTo, to, policy)) return { from: instant(from), to: end, lookBack: false };
  const back = Math.min(from, to - policy.lookBackDays * DAY);
  return { from: policy.lookBackDays === 0 ? null : instant(back), to: end, lookBack: true };
}

/** What the page of a scheduled run says of its window; `to` is where that ends. */
export function dueNote(due: string, to: string, policy: Pick<WindowPolicy, 'lagSeconds'>): string {
  return Date.parse(to) > behind(Date.parse(due), policy)
    ? `due at ${due}, which earlier runs had read already`
    : `due at ${due}`;
}

const behind = (time: number, { lagSeconds }: Pick<WindowPolicy, 'lagSeconds'>): number =>
  Math.ceil(time / SECOND) * SECOND - lagSeconds * SECOND;

function isLookBackDue(
  last: string | null,
  to: number,
  { lookBackEveryHours: every }: WindowPolicy,
): boolean {
  if (every === 0) return false;
  return last === null || to - Date.parse(last) >= every * HOUR;
}

const instant = (time: number): string => new Date(time).toISOString();

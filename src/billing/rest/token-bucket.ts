import type { RateWindow } from './rate-limits.ts';

/** Times are milliseconds on the caller's clock and never go back. */
export interface TokenBucket {
  /** When a call may start: `from` or later. */
  next(from: number): number;
  /** Books a call that starts at `at`, not before `next`. */
  take(at: number): void;
  /** How many calls may start at once. */
  level(at: number): number;
}

/**
 * Lets a share of a window's limit through. Half of it may come at once, the other half is spread evenly:
 * a bucket that holds c and gains r a window lets c + r through in the worst one, and that is the share.
 * A share of less than one call spreads single calls over several windows.
 */
export function createTokenBucket(
  { limit, seconds }: RateWindow,
  share: number,
  { now, atMost = Infinity }: { now: number; atMost?: number },
): TokenBucket {
  const allowed = limit * share;
  const capacity = Math.max(1, allowed / 2);
  const perMillisecond = (allowed < 2 ? Math.min(1, allowed) : allowed - capacity) / (seconds * 1000);
  let held = Math.max(0, Math.min(capacity, atMost));
  let filledAt = now;

  const level = (at: number) => Math.min(capacity, held + Math.max(0, at - filledAt) * perMillisecond);
  return {
    level,
    next(from) {
      const missing = 1 - level(from);
      return missing <= ROUNDING ? from : Math.max(from, filledAt) + missing / perMillisecond;
    },
    take(at) {
      held = level(at) - 1;
      filledAt = Math.max(filledAt, at);
    },
  };
}
/** What adding up fractions may be off by. */
const ROUNDING = 1e-6;

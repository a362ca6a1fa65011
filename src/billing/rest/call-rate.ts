import { quotaOf, rateWindowsOf, type Quota, type RateWindow } from './rate-limits.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

/** Times are milliseconds on the caller's clock. */
export interface CallRate {
  /** When the next call may start: `now` or later, and not before the one booked last. */
  next(now: number): number;
  books(at: number): void;
  /** Takes what a reply tells of the limits. */
  learn(headers: Readonly<Record<string, string | undefined>>, now: number): void;
}

/** What everybody together has left of a window of which others took more than their part. */
interface Scarcity {
  readonly until: number;
  /** Null: nothing is left. */
  readonly bucket: TokenBucket | null;
}

/**
 * How many calls a share of the tenant's limits lets through, in every window that replies tell. The rate is the
 * tenant's, whatever the entity (wire.md 2.6). `share` is between 0 and 1.
 */
export function createCallRate(share: number, windows: readonly RateWindow[], now: number): CallRate {
  const buckets = new Map<number, { limit: number; bucket: TokenBucket }>();
  let booked = 0;
  let last = -Infinity;
  let scarcity: Scarcity | null = null;

  function learnWindow({ limit, seconds }: RateWindow, at: number): void {
    const known = buckets.get(seconds);
    if (known?.limit === limit) return;
    const fresh = createTokenBucket({ limit, seconds }, share, { now: at });
    // Calls before the limit was known count too, or a restart of the count would double the share.
    const atMost = fresh.level(at) - booked;
    buckets.set(seconds, {
      limit,
      bucket: createTokenBucket({ limit, seconds }, share, { now: at, atMost }),
    });
  }

  function scarcityOf({ limit, remaining, reset }: Quota, at: number): Scarcity | null {
    const othersKeptTheirPart = remaining > 0 && remaining >= limit * (1 - share);
    if (othersKeptTheirPart || reset === 0) return null;
    const until = at + reset * 1000;
    if (remaining === 0) return { until, bucket: null };
    // What is left is a window of its own. A later reply never gives back what an earlier one took.
    const before = scarcity !== null && at < scarcity.until ? scarcity.bucket : null;
    const atMost = before?.level(at) ?? Infinity;
    const left = { limit: remaining, seconds: reset };
    return { until, bucket: createTokenBucket(left, share, { now: at, atMost }) };
  }

  for (const window of windows) learnWindow(window, now);
  return {
    next(from) {
      const start = Math.max(from, last);
      const at = Math.max(start, ...[...buckets.values()].map(({ bucket }) => bucket.next(start)));
      if (scarcity === null || at >= scarcity.until) return at;
      return Math.min(scarcity.until, scarcity.bucket?.next(at) ?? Infinity);
    },
    books(at) {
      booked += 1;
      last = at;
      for (const { bucket } of buckets.values()) bucket.take(at);
      scarcity?.bucket?.take(at);
    },
    learn(headers, at) {
      for (const window of rateWindowsOf(headers)) learnWindow(window, at);
      const quota = quotaOf(headers);
      if (quota !== null) scarcity = scarcityOf(quota, at);
    },
  };
}

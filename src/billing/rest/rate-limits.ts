type Headers = Readonly<Record<string, string | undefined>>;

/** At most `limit` calls in any `seconds`. */
export interface RateWindow {
  readonly limit: number;
  readonly seconds: number;
}

/** The tenant's calls of a minute in production, until a reply tells more (wire.md 2.6). */
export const PRODUCTION: readonly RateWindow[] = [{ limit: 50_000, seconds: 60 }];
/** Token calls of one IP address; those of the tenant have twenty times as many. */
export const SIGN_INS: readonly RateWindow[] = [{ limit: 100, seconds: 60 }];

/**
 * Every window that a reply tells: `2250000, 50000;w=60, 2250000;w=3600` has two. The first number
 * is none; it repeats the limit that `quotaOf` is about.
 */
export function rateWindowsOf(headers: Headers): RateWindow[] {
  const windows = (headers['ratelimit-limit'] ?? '').split(',').map((item) => {
    const [, limit, seconds] = /^\s*(\d{1,12})\s*;(?:.*;)?\s*w\s*=\s*(\d{1,8})\s*(?:;.*)?$/i.exec(item) ?? [];
    return { limit: Number(limit), seconds: Number(seconds) };
  });
  return windows.filter(({ limit, seconds }) => limit > 0 && seconds > 0);
}

/** What is left for everybody in the window that is nearest to its end of calls. */
export interface Quota {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until all of it is there again. */
  readonly reset: number;
}

/** Null where the reply does not tell all three. */
export function quotaOf(headers: Headers): Quota | null {
  const [limit, remaining, reset] = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'].map(
    (name) => /^\s*(\d{1,12})(?:\s*[,;.]|\s*$)/.exec(headers[name] ?? '')?.[1],
  );
  if (limit === undefined || remaining === undefined || reset === undefined) return null;
  return { limit: Number(limit), remaining: Number(remaining), reset: Number(reset) };
}

/** `Concurrency-Limit-Limit`: calls at once, of everybody; null where the reply does not tell. */
export function concurrencyLimitOf(headers: Headers): number | null {
  const limit = /^\s*(\d{1,6})\s*$/.exec(headers['concurrency-limit-limit'] ?? '')?.[1];
  return limit === undefined || Number(limit) === 0 ? null : Number(limit);
}

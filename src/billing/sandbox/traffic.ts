import { CATEGORY, type Reply, v1Error } from './replies.ts';

/** How much one entity may ask for (wire.md 2.6). */
export interface Limits {
  /** Calls within a minute. */
  readonly perMinute: number;
  /** Calls at the same time. */
  readonly concurrent: number;
}

/** Those of a production tenant. */
export const DEFAULT_LIMITS: Limits = { perMinute: 50_000, concurrent: 40 };

/** One call, from its first byte to its last. */
export interface Visit {
  /** The 429 that the call is answered with; null while the limits hold. */
  readonly refusal: Reply | null;
  /** What the limits are and what is left of them. */
  readonly headers: Readonly<Record<string, string>>;
  leave(): void;
}

export interface Traffic {
  /** `entity` is empty without Multi-entity, and where the call names none. */
  enter(path: string, entity: string): Visit;
}

interface Count {
  minute: number;
  within: number;
  open: number;
}

const MINUTE = 60_000;

/** Counts calls per entity. Refused ones count too, as Zuora's do. */
export function createTraffic({ perMinute, concurrent }: Limits, now: () => number): Traffic {
  const counts = new Map<string, Count>();

  return {
    enter(path, entity) {
      const count = counts.get(entity) ?? { minute: now(), within: 0, open: 0 };
      counts.set(entity, count);
      if (now() - count.minute >= MINUTE) Object.assign(count, { minute: now(), within: 0 });
      count.within += 1;
      count.open += 1;
      const reset = String(Math.max(1, Math.ceil((count.minute + MINUTE - now()) / 1000)));
      let isOpen = true;
      return {
        refusal: refusalOf(count.open > concurrent, count.within > perMinute),
        headers: {
          'ratelimit-limit': `${perMinute}, ${perMinute};w=60, 2250000;w=3600, 27000000;w=86400`,
          'ratelimit-remaining': String(Math.max(0, perMinute - count.within)),
          'ratelimit-reset': reset,
          ...concurrencyHeaders(path, concurrent, Math.max(0, concurrent - count.open)),
        },
        leave() {
          if (isOpen) count.open -= 1;
          isOpen = false;
        },
      };
    },
  };
}

/** Concurrency refusals tell when to come again by Retry-After, rate refusals by ratelimit-reset. */
function refusalOf(isCrowded: boolean, isFast: boolean): Reply | null {
  if (isCrowded) {
    const headers = { 'Retry-After': '1' };
    return v1Error(429, CATEGORY.limit, 'The concurrent request limit was exceeded.', headers);
  }
  return isFast ? v1Error(429, CATEGORY.limit, 'The request rate limit was exceeded.') : null;
}

function concurrencyHeaders(path: string, limit: number, remaining: number): Record<string, string> {
  const type = path.startsWith('/object-query') ? 'Object Query' : 'Default';
  if (!path.startsWith('/v1') && type === 'Default') return {};
  return {
    'Concurrency-Limit-Type': type,
    'Concurrency-Limit-Limit': String(limit),
    'Concurrency-Limit-Remaining': String(remaining),
  };
}

import type { RefusalKind } from './refusal.ts';

/**
 * Milliseconds to wait, as the reply says: `Retry-After` (seconds or a date) of a concurrency refusal,
 * else `ratelimit-reset` (seconds) of a rate refusal; undefined when it says nothing
 * (wire.md 2.6). The latter is on every reply, so it counts only where the rate was the reason.
 */
export function retryAfterOf(
  kind: RefusalKind,
  headers: Readonly<Record<string, string | undefined>>,
): number | undefined {
  if (kind !== 'rate-limited' && kind !== 'busy') return undefined;
  const after = headers['retry-after']?.trim();
  if (after !== undefined && !/^\d/.test(after)) {
    const wait = Date.parse(after) - (Date.parse(headers['date'] ?? '') || Date.now());
    if (Number.isFinite(wait)) return Math.max(0, wait);
  }
  const reset = kind === 'rate-limited' ? headers['ratelimit-reset']?.trim() : undefined;
  const seconds = /^\d{1,7}(\.\d+)?/.exec(after ?? reset ?? '')?.[0];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
}

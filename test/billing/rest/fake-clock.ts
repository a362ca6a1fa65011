import type { Clock } from '../../../src/billing/rest/clock.ts';

export interface FakeClock extends Clock {
  /** Lets the time pass, waking sleepers in their order, each before the next moment begins. */
  advance(milliseconds: number): Promise<void>;
  /** How many sleep. */
  sleepers(): number;
}

/** A clock that stands still until it is told to go on. */
export function fakeClock(): FakeClock {
  let now = 0;
  const sleepers = new Set<{ readonly at: number; wake(): void }>();
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const sleeper = { at: now + milliseconds, wake: resolve };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        if (sleepers.delete(sleeper)) reject(signal.reason);
      });
    });
  }

  async function advance(milliseconds: number): Promise<void> {
    const end = now + milliseconds;
    for (;;) {
      await settled();
      const [next] = [...sleepers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      now = Math.max(now, next.at);
      sleepers.delete(next);
      next.wake();
    }
    now = end;
    await settled();
  }

  return { now: () => now, sleep, advance, sleepers: () => sleepers.size };
}

import { setTimeout } from 'node:timers/promises';

/** Time as limits count it: it never jumps, and tests bring their own. */
export interface Clock {
  /** Milliseconds since some moment. */
  now(): number;
  /** Rejects with the reason of the signal when that aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const MONOTONIC: Clock = {
  now: () => performance.now(),
  async sleep(milliseconds, signal) {
    try {
      await setTimeout(milliseconds, undefined, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

import { z } from 'zod';

const Count = z.number().int().min(0).default(0);
const Instant = z.iso.datetime();
const Text = z.string().nullable();

/**
 * What a loop remembers from run to run, and hands on when its history begins anew. Instants are ISO, UTC.
 */
export const LoopState = z.strictObject({
  /** Runs that completed, those with nothing to do among them; runs that did not. */
  runs: Count,
  nothingToDo: Count,
  failed: Count,
  failuresInARow: Count,
  lastRun: z
    .strictObject({
      runId: Text,
      outcome: z.string(),
      endedAt: Instant,
      /** Why it did not complete, and what to do about it. */
      message: Text,
      remedy: Text,
    })
    .nullable()
    .default(null),
  paused: z.strictObject({ since: Instant, by: Text, reason: Text }).nullable().default(null),
  /** Seconds between runs that somebody chose for this loop, instead of those of the lookup. */
  interval: z.strictObject({ seconds: z.number().int(), by: Text }).nullable().default(null),
  /** Somebody asked for a run at once, and it has not started yet. */
  runNow: z.boolean().default(false),
  /** Another run of the entity is under way: how often this loop has met it, and when it looks again. */
  busy: z
    .strictObject({ tries: z.number().int().min(1), until: Instant })
    .nullable()
    .default(null),
  /** Messages that were refused, newest last. */
  refused: z.array(z.string()).default([]),
  /** The note of the schedule says that the loop waits. */
  noted: z.boolean().default(false),
});
export type LoopState = z.infer<typeof LoopState>;

export type LastRun = NonNullable<LoopState['lastRun']>;

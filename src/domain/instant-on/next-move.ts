import type { LoopSettings } from './loop-settings.ts';
import type { LoopState } from './loop-state.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Failures in a row after which a person has to look. */
export const FAILURES_ALLOWED = 6;
/** How long a loop waits at most before it reads the settings again, in milliseconds. */
const LOOKS_WHILE_OFF = 10 * MINUTE;
const LOOKS_BEFORE_START = 24 * 60 * MINUTE;
const LOOKS_WHILE_RESTING = 60 * MINUTE;

/** What a loop does next. `due` is when its next run is to begin, `wake` when it looks again; epoch milliseconds. */
export type Move =
  | { readonly kind: 'read' }
  | { readonly kind: 'run' }
  | { readonly kind: 'paused' | 'stuck'; readonly due: null; readonly wake: null }
  | { readonly kind: 'off'; readonly due: null; readonly wake: number }
  | {
      readonly kind: 'busy' | 'backing-off' | 'before-start' | 'resting';
      readonly due: number;
      readonly wake: number;
    };
export type Wait = Exclude<Move, { readonly kind: 'read' | 'run' }>;

const FOR_A_PERSON = { due: null, wake: null } as const;

/**
 * Decides what follows from what was. The next run starts the interval after the last one completed (domain.md 5.1);
 * after one that did not, the pause doubles from a minute. `settings` are null while they have to be read first.
 */
export function nextMove(state: LoopState, settings: LoopSettings | null, now: number): Move {
  const { runNow, paused, busy, failuresInARow, lastRun } = state;
  if (paused !== null && !runNow) return { kind: 'paused', ...FOR_A_PERSON };
  if (failuresInARow >= FAILURES_ALLOWED && !runNow) return { kind: 'stuck', ...FOR_A_PERSON };
  const ended = lastRun === null ? -Infinity : Date.parse(lastRun.endedAt);
  const nextTry = failuresInARow > 0 && !runNow ? ended + backOff(failuresInARow) : now;
  if (nextTry > now) return { kind: 'backing-off', due: nextTry, wake: nextTry };

  if (settings === null) return { kind: 'read' };
  if (!settings.on) return { kind: 'off', due: null, wake: now + LOOKS_WHILE_OFF };
  const free = busy === null ? now : Date.parse(busy.until);
  if (free > now) return { kind: 'busy', due: free, wake: free };
  if (runNow) return { kind: 'run' };

  const start = settings.from === null ? now : Date.parse(settings.from);
  if (start > now)
    return { kind: 'before-start', due: start, wake: Math.min(start, now + LOOKS_BEFORE_START) };
  const pause = failuresInARow > 0 ? 0 : intervalOf(state, settings).seconds * SECOND;
  const due = ended + pause;
  if (due > now) return { kind: 'resting', due, wake: Math.min(due, now + LOOKS_WHILE_RESTING) };
  return { kind: 'run' };
}

/** The pause after so many failures in a row, in milliseconds: a minute, then twice the one before. */
export const backOff = (failuresInARow: number): number => MINUTE * 2 ** (failuresInARow - 1);

/** The pause before another look at a run that is under way, in milliseconds: 5 seconds to a minute. */
export const busyPause = (tries: number): number => Math.min(5 * SECOND * 2 ** (tries - 1), MINUTE);

export interface Interval {
  readonly seconds: number;
  /** Who or what says so. */
  readonly from: string;
}

/** The pause between runs: what was chosen for this loop, else what the lookup says. */
export function intervalOf({ interval }: LoopState, settings: LoopSettings): Interval {
  return chosenInterval(interval) ?? { seconds: settings.seconds, from: settings.secondsFrom };
}

export function chosenInterval(interval: LoopState['interval']): Interval | null {
  if (interval === null) return null;
  const by = interval.by === null ? '' : ` by ${interval.by}`;
  return { seconds: interval.seconds, from: `setInterval${by}` };
}

import { shortText } from '../short-text.ts';
import type { LastRun, LoopState } from './loop-state.ts';
import { busyPause } from './next-move.ts';

const REFUSALS_KEPT = 10;
/** A history hands all of the state to the next one: what others wrote is kept short. */
const LONGEST_REFUSAL = 600;
const LONGEST_MESSAGE = 1_000;
const instant = (now: number): string => new Date(now).toISOString();

/** Everything that can happen to a loop. Times are epoch milliseconds; what is so already stays as it is. */
export const pausedBy = (
  state: LoopState,
  { by = null, reason = null }: { by?: string | null | undefined; reason?: string | null | undefined },
  now: number,
): LoopState => (state.paused === null ? { ...state, paused: { since: instant(now), by, reason } } : state);

export const resumed = (state: LoopState): LoopState => ({ ...state, paused: null });

/** Without seconds the lookup counts again. */
export const intervalSet = (
  state: LoopState,
  { seconds, by = null }: { seconds?: number | undefined; by?: string | null | undefined },
): LoopState => ({ ...state, interval: seconds === undefined ? null : { seconds, by } });

/** A run at once; one that is under way is looked for at once, too. */
export const askedToRun = (state: LoopState): LoopState => ({ ...state, runNow: true, busy: null });

/** Nothing runs while Instant On is off; whoever asked for a run reads why there was none. */
export const turnedOff = (state: LoopState, why: string | null): LoopState =>
  state.runNow
    ? refused({ ...state, runNow: false }, `The run that was asked for did not begin. ${why ?? ''}`.trim())
    : state;

export const refused = (state: LoopState, refusal: string): LoopState => ({
  ...state,
  refused: [...state.refused, shortText(refusal, LONGEST_REFUSAL)].slice(-REFUSALS_KEPT),
});

/** A run begins: what was asked for from here on is asked for the one after it. */
export const begun = (state: LoopState): LoopState => ({ ...state, runNow: false });

/** It could not begin, since another one of the entity is under way. */
export function foundBusy(state: LoopState, asked: boolean, now: number): LoopState {
  const tries = (state.busy?.tries ?? 0) + 1;
  return {
    ...state,
    runNow: state.runNow || asked,
    busy: { tries, until: instant(now + busyPause(tries)) },
  };
}

/** A run that came to its end; `message` is null where it completed. */
export function ended(state: LoopState, run: Omit<LastRun, 'endedAt'>, now: number): LoopState {
  const lastRun = { ...run, message: short(run.message), remedy: short(run.remedy), endedAt: instant(now) };
  return run.message === null
    ? {
        ...state,
        lastRun,
        busy: null,
        runs: state.runs + 1,
        nothingToDo: state.nothingToDo + (run.outcome === 'nothing-to-do' ? 1 : 0),
        failuresInARow: 0,
      }
    : {
        ...state,
        lastRun,
        busy: null,
        failed: state.failed + 1,
        failuresInARow: state.failuresInARow + 1,
      };
}

const short = (text: string | null): string | null => text && shortText(text, LONGEST_MESSAGE);

export const noted = (state: LoopState, waits: boolean): LoopState => ({ ...state, noted: waits });

import type { Clock } from './clock.ts';

/** What a refusal of too many calls asks of all others. */
export interface CallPause {
  /** Milliseconds in which nobody may call. */
  left(): number;
  /** How many calls may be under way after it: one, then twice as many with each that goes well. */
  width(): number;
  /** To be kept with each call: what was under way before a refusal says nothing about after it. */
  round(): number;
  wentWell(round: number): void;
  /** Milliseconds to wait as Billing said, undefined where it said nothing. */
  wasRefused(round: number, wait: number | undefined): void;
}

/** Milliseconds of the first pause where Billing does not say how long; each one more in a row doubles it. */
const FIRST = 1_000;
const LONGEST = 60_000;
/** A part of each pause, in milliseconds at most: several workers are not to come back at the same moment. */
const JITTER = { part: 0.1, atMost: 5_000 };

/** `random` is between 0 and 1. Refused calls count as calls (wire.md 2.6), so trying on would only prolong it. */
export function createCallPause(clock: Clock, random: () => number): CallPause {
  let until = -Infinity;
  let width = Infinity;
  let round = 0;
  let inARow = 0;

  return {
    left: () => Math.max(0, until - clock.now()),
    width: () => width,
    round: () => round,
    wentWell(its) {
      if (its !== round) return;
      inARow = 0;
      width *= 2;
    },
    wasRefused(its, wait) {
      if (its === round) {
        round += 1;
        inARow += 1;
      }
      width = 1;
      const asked = wait ?? Math.min(LONGEST, FIRST * 2 ** (inARow - 1));
      const jitter = Math.min(JITTER.atMost, asked * JITTER.part) * random();
      until = Math.max(until, clock.now() + asked + jitter);
    },
  };
}

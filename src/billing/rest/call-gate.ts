import type { Call } from './call.ts';
import type { CallPause } from './call-pause.ts';
import type { Clock } from './clock.ts';
import { heldBack, LONGEST_WAIT } from './held-back.ts';

export interface CallGate {
  /**
   * Waits for a place among the calls under way, first come, first served, and for the end of a pause.
   * Throws `BILLING_RATE_LIMITED` where that takes longer than `LONGEST_WAIT`, or the reason of the call's signal.
   */
  enter(call: Call): Promise<void>;
  leave(): void;
  /** To be told of every change of the pause or of the number of places. */
  changed(): void;
}

/** Milliseconds after which a call that found no place is to be tried again. */
const NEXT_TRY = 5_000;

interface Waiting {
  readonly call: Call;
  start(): void;
  giveUp(reason: unknown): void;
}

/** At most `places()` calls at once, and none while a pause lasts. */
export function createCallGate(places: () => number, pause: CallPause, clock: Clock): CallGate {
  const queue: Waiting[] = [];
  let underWay = 0;
  let alarm: AbortController | null = null;

  const isOpen = () => pause.left() === 0 && underWay < Math.min(places(), pause.width());

  function admit(): void {
    while (queue.length > 0 && isOpen()) {
      underWay += 1;
      queue.shift()?.start();
    }
    if (queue.length === 0) alarm?.abort();
    else if (pause.left() > 0) alarm ??= ring(pause.left());
  }

  function ring(wait: number): AbortController {
    const stop = new AbortController();
    const over = () => {
      alarm = null;
      admit();
    };
    clock.sleep(wait, stop.signal).then(over, over);
    return stop;
  }

  function turnOf(call: Call): Promise<void> {
    const settled = new AbortController();
    const turn = new Promise<void>((start, reject) => {
      const giveUp = (reason: unknown) => {
        if (queue.includes(waiting)) queue.splice(queue.indexOf(waiting), 1);
        reject(reason);
        admit();
      };
      const waiting: Waiting = { call, start, giveUp };
      queue.push(waiting);
      const { signal } = call;
      signal?.addEventListener('abort', () => giveUp(signal.reason), { signal: settled.signal });
      clock.sleep(LONGEST_WAIT, settled.signal).then(
        () => giveUp(reasonToGiveUp(call)),
        () => {},
      );
    });
    admit();
    return turn.finally(() => settled.abort());
  }

  const reasonToGiveUp = (call: Call) =>
    pause.left() > 0 ? heldBack('pause', call, pause.left()) : heldBack('places', call, NEXT_TRY);

  return {
    async enter(call) {
      call.signal?.throwIfAborted();
      if (pause.left() > LONGEST_WAIT) throw reasonToGiveUp(call);
      if (queue.length > 0 || !isOpen()) return turnOf(call);
      underWay += 1;
    },
    leave() {
      underWay -= 1;
      admit();
    },
    changed() {
      const hopeless = pause.left() > LONGEST_WAIT ? queue.splice(0) : [];
      for (const waiting of hopeless) waiting.giveUp(reasonToGiveUp(waiting.call));
      admit();
    },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';

import { reasonOf } from '../domain/errors.ts';
import type { Report } from './report.ts';

interface Server {
  readonly pid: number;
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

const MINUTE = 60_000;
const ENDS_IN_A_MINUTE = 5;
const TRIES = 20;

/**
 * Starts a server and, whenever it ends without having been told to, starts it again in the same place.
 * Gives up on one that ends time after time. Returns the first start and what stops it for good.
 *
 * @param start starts it; called again with what it returned before
 * @param started told of every start, the first included
 */
export async function keepRunning<Running extends Server>({
  what,
  start,
  started,
  report,
}: {
  what: string;
  start: (before: Running | null) => Promise<Running>;
  started: (running: Running) => void;
  report: Report;
}): Promise<{ first: Running; stop: () => Promise<void> }> {
  const first = await start(null);
  started(first);
  let current = first;
  let stopping = false;

  const watch = async (): Promise<void> => {
    for (let ends: number[] = []; ;) {
      await current.exited;
      if (stopping) return;
      ends = [...ends.filter((time) => time > Date.now() - MINUTE), Date.now()];
      if (ends.length > ENDS_IN_A_MINUTE)
        return report(`${what}: it ended ${ends.length} times within a minute; it stays down.`);
      report(`${what}: process ${current.pid} ended unexpectedly; starting it again ...`);
      const next = await again(
        () => start(current),
        () => stopping,
      );
      if ('problem' in next) return report(`${what}: it could not be started again: ${next.problem}`);
      if (stopping) return next.running.stop();
      current = next.running;
      started(current);
    }
  };
  const watching = watch();
  const stop = async (): Promise<void> => {
    stopping = true;
    await current.stop();
    await watching; // which stops a server that it was just starting again
  };
  return { first, stop };
}

/** A few tries: its port may still be taken by what it left behind. */
async function again<Running>(
  start: () => Promise<Running>,
  stopping: () => boolean,
): Promise<{ running: Running } | { problem: string }> {
  for (let tries = 1; ; tries += 1) {
    try {
      return { running: await start() };
    } catch (error) {
      if (tries === TRIES || stopping()) return { problem: reasonOf(error) };
      await sleep(500);
    }
  }
}

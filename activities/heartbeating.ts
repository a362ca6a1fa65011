import { cancellationSignal, heartbeat } from '@temporalio/activity';

const BEAT = 5_000;

/**
 * Runs one long database statement or stream under a heartbeat, so that a dead worker is noticed in a
 * minute. The database is the truth about progress; the heartbeat only says that somebody works on it.
 */
export async function whileHeartbeating<Result>(work: (beat: (details: unknown) => void) => Promise<Result>) {
  let details: unknown;
  const timer = setInterval(() => heartbeat(details), BEAT);
  try {
    cancellationSignal().throwIfAborted();
    return await work((next) => (details = next));
  } finally {
    clearInterval(timer);
  }
}

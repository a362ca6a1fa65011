import { Context, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';

const BEAT = 5_000;

/** The activities that tell their progress themselves. */
const telling = new WeakSet<Context>();

/**
 * Lets every activity beat while it works, so that one whose worker died is given to the next worker after
 * `heartbeatTimeout` instead of after all the time that it may take.
 */
export const heartbeatInterceptor: ActivityInboundCallsInterceptor = {
  async execute(input, next) {
    const context = Context.current();
    const timer = setInterval(() => {
      if (!telling.has(context)) context.heartbeat();
    }, BEAT);
    try {
      return await next(input);
    } finally {
      clearInterval(timer);
    }
  },
};

/**
 * Runs one long database statement or stream under heartbeats that tell its progress. The database is the
 * truth about progress; the heartbeat only says that somebody works on it.
 */
export async function whileHeartbeating<Result>(work: (beat: (details: unknown) => void) => Promise<Result>) {
  const context = Context.current();
  let details: unknown;
  telling.add(context);
  const timer = setInterval(() => heartbeat(details), BEAT);
  try {
    cancellationSignal().throwIfAborted();
    return await work((next) => (details = next));
  } finally {
    clearInterval(timer);
    telling.delete(context);
  }
}

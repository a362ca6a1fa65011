import { GracefulShutdownPeriodExpiredError } from '@temporalio/worker';

export const FORCED_END =
  'some activities did not end in time; the worker ends without them, and Temporal has them done again';

/**
 * Whether a worker ended because its activities did not within `shutdownForceTime`. What the SDK says of it depends on
 * how far it came: the core complains that those activities still hold the worker.
 */
export const isForcedEnd = (error: unknown): boolean =>
  error instanceof GracefulShutdownPeriodExpiredError ||
  (error instanceof Error && /still in use/i.test(error.message));

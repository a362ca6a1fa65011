import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import type { Logger } from 'pino';

/** How an attempt ended. One that waits asks to be tried again later, and nothing is wrong. */
export type AttemptOutcome = 'completed' | 'waits' | 'failed' | 'cancelled';

/** Who wants to know of every attempt of an activity. */
export interface Observer {
  readonly log: Logger;
  readonly observe: (attempt: {
    readonly activity: string;
    readonly outcome: AttemptOutcome;
    readonly seconds: number;
  }) => void;
}

/**
 * Says of every attempt how it ended and how long it took. Outermost: it sees failures as Temporal does. An error that
 * is not ours is named and not quoted, because it may hold rows; Temporal keeps what it says.
 */
export function reportingInterceptor({ log, observe }: Observer): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      const { workflowExecution, workflowType, activityType: activity, attempt, taskQueue } = activityInfo();
      const own = log.child({ ...workflowExecution, workflowType, activity, attempt, taskQueue });
      const started = performance.now();
      const ended = (outcome: AttemptOutcome): { outcome: AttemptOutcome; ms: number } => {
        const ms = performance.now() - started;
        observe({ activity, outcome, seconds: ms / 1000 });
        return { outcome, ms: Math.round(ms) };
      };
      try {
        const result: unknown = await next(input);
        own.info(ended('completed'), `${activity} completed`);
        return result;
      } catch (error) {
        const outcome = outcomeOf(error);
        const failure = { ...ended(outcome), ...nameOf(error) };
        if (outcome === 'failed') own.warn(failure, `${activity} failed`);
        else own.info(failure, `${activity} ${outcome === 'waits' ? 'waits' : 'was cancelled'}`);
        throw error;
      }
    },
  };
}

function outcomeOf(error: unknown): AttemptOutcome {
  if (error instanceof ApplicationFailure) {
    return error.category === ApplicationFailureCategory.BENIGN ? 'waits' : 'failed';
  }
  const aborted =
    error instanceof CancelledFailure || (error instanceof Error && error.name === 'AbortError');
  return aborted && cancellationSignal().aborted ? 'cancelled' : 'failed';
}

/** Our own failures are worded for the operator; of others only the kind is told. */
function nameOf(error: unknown): { type: string; reason?: string } {
  if (error instanceof ApplicationFailure) return { type: error.type ?? error.name, reason: error.message };
  if (!(error instanceof Error)) return { type: typeof error };
  return { type: 'code' in error ? `${error.name} ${String(error.code)}` : error.name };
}

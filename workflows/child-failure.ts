import {
  CancelledFailure,
  ChildWorkflowFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/workflow';

import { readable } from './desk.ts';

/** Why a child did not come to its end: what happened and what to do, and the run of it that shows more. */
export interface ChildEnd {
  readonly outcome: 'failed' | 'cancelled' | 'terminated';
  readonly runId: string | null;
  readonly message: string;
  readonly remedy: string;
}

export function childEnd(error: unknown): ChildEnd {
  const cause = error instanceof ChildWorkflowFailure ? error.cause : error;
  const runId = error instanceof ChildWorkflowFailure ? (error.execution.runId ?? null) : null;
  const again = 'Find out why, then send `retry`.';
  if (cause instanceof CancelledFailure) {
    return { outcome: 'cancelled', runId, message: 'The run was cancelled.', remedy: again };
  }
  if (cause instanceof TerminatedFailure) {
    return { outcome: 'terminated', runId, message: 'The run was terminated.', remedy: again };
  }
  if (cause instanceof TimeoutFailure) {
    return { outcome: 'failed', runId, message: 'The run took longer than it may.', remedy: again };
  }
  return { outcome: 'failed', runId, ...readable(cause) };
}

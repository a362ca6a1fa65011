import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';

import { RevsyncError } from '../src/domain/errors.ts';
import { databaseError } from './database-failure.ts';

/** What Temporal carries of a payload before it warns; ours are ids and counts and stay far below. */
const LARGEST_PAYLOAD = 256 * 1024;

/** The single place where our errors become Temporal's, and where payloads are measured. */
export const failureInterceptor: ActivityInboundCallsInterceptor = {
  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>) {
    try {
      const result: unknown = await next(input);
      requireSmall(result);
      return result;
    } catch (error) {
      throw toFailure(error);
    }
  },
};

/**
 * A RevsyncError as the failure an operator reads: `type` is its code, the message says what happened and
 * `details[0].remedy` what to do. `retry` is the only fate that is retried; a wait is no error to
 * Temporal (BENIGN), so that it neither alarms nor counts.
 */
export function toFailure(error: unknown): unknown {
  const known = error instanceof RevsyncError ? error : databaseError(error);
  if (known === undefined) return error;
  const waits = known.retryAfter !== undefined;
  return ApplicationFailure.create({
    message: known.message,
    type: known.code,
    nonRetryable: known.fate !== 'retry',
    details: [{ remedy: known.remedy, ...known.context }],
    ...(waits ? { nextRetryDelay: known.retryAfter, category: ApplicationFailureCategory.BENIGN } : {}),
    ...(known.cause instanceof Error ? { cause: new Error(known.cause.message) } : {}),
  });
}

function requireSmall(result: unknown): void {
  const size = Buffer.byteLength(JSON.stringify(result) ?? '');
  if (size <= LARGEST_PAYLOAD) return;
  throw new RevsyncError(`An activity answered ${size} bytes; workflows carry ids and counts, never rows.`, {
    code: 'PAYLOAD_TOO_LARGE',
    fate: 'bug',
    remedy: 'Report this with the workflow id.',
  });
}

import { randomUUID } from 'node:crypto';

import {
  ServiceError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure, defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

import type { CollectionOutcome } from '../../../workflows/data-collection.ts';
import { RevsyncError } from '../../domain/errors.ts';
import type { Decided } from '../../store/holds/record-decision.ts';
import { type Ended, watch } from '../run-workflow.ts';
import type { WorkflowSession } from '../session.ts';

/** A collection that ends between being found and being told is not told anything. */
const TRIES = 5;

export interface UpdatedCollection {
  readonly decided: Decided;
  readonly workflowId: string;
  readonly end: Ended<CollectionOutcome>;
}

/**
 * Tells the organisation's collection what was decided, starting one where none runs, and waits for its end.
 *
 * @throws RevsyncError with the code and the words of a refusal
 */
export async function updateCollection(
  { temporal, configuration }: WorkflowSession,
  org: string,
  update: 'releaseHold' | 'rejectHold',
  message: object,
): Promise<UpdatedCollection> {
  const workflowId = `data-collection/${org}`;
  const updateId = randomUUID();
  for (let tries = 1; ; tries += 1) {
    const start = new WithStartWorkflowOperation<() => Promise<CollectionOutcome>>('dataCollection', {
      workflowId,
      taskQueue: configuration.REVSYNC_TASK_QUEUE,
      args: [{ org }] as never,
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `Data Collection of ${org}`,
      typedSearchAttributes: [
        {
          key: defineSearchAttributeKey('RevsyncTenant', SearchAttributeType.KEYWORD),
          value: configuration.REVSYNC_TENANT,
        },
      ],
    });
    try {
      const decided = await temporal.workflow.executeUpdateWithStart<
        () => Promise<CollectionOutcome>,
        Decided,
        [object]
      >(update, { args: [message], updateId, startWorkflowOperation: start });
      const handle = await start.workflowHandle();
      return {
        decided,
        workflowId,
        end: await watch<CollectionOutcome>(temporal, handle, []),
      };
    } catch (error) {
      if (tries < TRIES && endedMeanwhile(error)) continue;
      const handle = temporal.workflow.getHandle<() => Promise<CollectionOutcome>>(workflowId);
      // What was started for a refused message is not left behind half done.
      if (error instanceof WorkflowUpdateFailedError) await watch(temporal, handle, []);
      throw refusal(error);
    }
  }
}

function endedMeanwhile(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  if (error instanceof ServiceError) return /completed|closed|not found/i.test(error.message);
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow';
}

function refusal(error: unknown): unknown {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure)) return error;
  const [detail] = (cause.details ?? []) as { message?: string; remedy?: string }[];
  return new RevsyncError(detail?.message ?? cause.message, {
    code: cause.type ?? 'MESSAGE_REFUSED',
    fate: 'fix-input',
    remedy: detail?.remedy ?? 'Correct the message and send it again.',
  });
}

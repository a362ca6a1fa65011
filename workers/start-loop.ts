import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';

import { keywordAttributes } from './keyword-attributes.ts';
import type { Whose } from './whose.ts';

export const loopId = (entity: string): string => `instant-on/${entity}`;

/** A loop that has just been started, or found running. */
export interface StartedLoop {
  readonly workflowId: string;
  readonly runId: string | null;
  readonly entity: string;
  readonly outcome: 'started' | 'refused';
  readonly message: string | null;
}

/** Starts the loop of an entity; one that runs already refuses it. */
export async function startLoop(
  client: Pick<Client, 'workflow'>,
  { entity, tenant, taskQueue }: Whose & { readonly entity: string },
): Promise<StartedLoop> {
  const workflowId = loopId(entity);
  try {
    const { firstExecutionRunId: runId } = await client.workflow.start('instantOn', {
      workflowId,
      taskQueue,
      args: [{ entity }],
      staticSummary: `Instant On of ${entity}`,
      typedSearchAttributes: keywordAttributes({ RevsyncTenant: tenant, RevsyncEntity: entity }),
    });
    return { workflowId, runId, entity, outcome: 'started', message: null };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return {
      workflowId,
      runId: null,
      entity,
      outcome: 'refused',
      message: `${workflowId} is running already.`,
    };
  }
}

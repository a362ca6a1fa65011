import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';

import { keywordAttributes } from '../../../workers/keyword-attributes.ts';

export const enablementId = (tenant: string): string => `enablement/${tenant}`;

export interface BeginRequest {
  readonly tenant: string;
  readonly taskQueue: string;
  /** The tenant's name, as people call it. */
  readonly name: string | undefined;
  readonly force: boolean;
  readonly by: string;
}

/** Starts the enablement of a tenant; answers whether it did: one that runs already goes on. */
export async function beginEnablement(
  client: Client,
  { tenant, taskQueue, name, force, by }: BeginRequest,
): Promise<boolean> {
  try {
    await client.workflow.start('enablement', {
      workflowId: enablementId(tenant),
      taskQueue,
      args: [{ ...(name === undefined ? {} : { tenant: name }), force, by }],
      staticSummary: `Enablement of ${name ?? tenant}`,
      typedSearchAttributes: keywordAttributes({ RevsyncTenant: tenant }),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

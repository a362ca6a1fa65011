import { activityInfo } from '@temporalio/activity';

import type { Owner } from '../src/store/runs.ts';

/** The workflow run that this activity works for. */
export const currentOwner = (): Owner => {
  const { workflowExecution } = activityInfo();
  return { workflowId: workflowExecution?.workflowId ?? '', runId: workflowExecution?.runId ?? '' };
};

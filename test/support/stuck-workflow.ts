import { proxyActivities } from '@temporalio/workflow';

const { stuck } = proxyActivities<{ stuck(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** Has an activity that does not end. */
export const stuckWorkflow = (): Promise<void> => stuck();

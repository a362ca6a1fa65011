import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ACTIVITY_QUEUES, taskQueueOf } from '../../src/domain/operator/task-queues.ts';
import { mockActivities } from '../support/mock-activities.ts';
import { runWorkflow, startTimeSkipping } from '../support/temporal.ts';

let env: TestWorkflowEnvironment;
beforeAll(async () => void (env = await startTimeSkipping()));
afterAll(() => env.teardown());

test('each activity is sent to its queue beside that of the workflow, in the child, too', async () => {
  const queues: Readonly<Record<string, (typeof ACTIVITY_QUEUES)[keyof typeof ACTIVITY_QUEUES]>> =
    ACTIVITY_QUEUES;
  const { workflowId } = await runWorkflow(env, 'revenueSync', { activities: mockActivities() });
  const { taskQueue: base } = await env.client.workflow.getHandle(workflowId).describe();
  const seen = new Map<string, string>();
  for (const id of [workflowId, 'data-collection/default']) {
    const { events } = await env.client.workflow.getHandle(id).fetchHistory();
    for (const { activityTaskScheduledEventAttributes: scheduled } of events ?? []) {
      if (scheduled) seen.set(scheduled.activityType?.name ?? '', scheduled.taskQueue?.name ?? '');
    }
  }
  const expected = [...seen.keys()].map((name) => [name, taskQueueOf(base, queues[name] ?? 'orchestration')]);
  expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(expected));
  expect([...seen.keys()]).toEqual(expect.arrayContaining(['openSyncRun', 'loadFile', 'collectLines']));
});

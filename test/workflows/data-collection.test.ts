import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RevsyncError } from '../../src/domain/errors.ts';
import type { CollectionOutcome } from '../../workflows/data-collection.ts';
import { mockActivities } from '../support/mock-activities.ts';
import { runWorkflow, startTimeSkipping, untilWaiting } from '../support/temporal.ts';

describe('dataCollection', () => {
  let env: TestWorkflowEnvironment;
  beforeAll(async () => void (env = await startTimeSkipping()));
  afterAll(() => env.teardown());

  test('collects the only organisation when started with nothing', async () => {
    const { result } = await runWorkflow<CollectionOutcome>(env, 'dataCollection', {
      activities: mockActivities(),
    });
    expect(result).toMatchObject({ outcome: 'completed', org: 'default', collected: '2' });
  });

  test('waits its turn for hours while another collection of the organisation runs', async () => {
    let tries = 0;
    const activities = mockActivities({
      openDataCollection: async () => {
        tries += 1;
        if (tries < 50) {
          throw new RevsyncError('A collection of default is open.', {
            code: 'COLLECTION_IN_PROGRESS',
            fate: 'retry',
            retryAfter: 300_000,
            remedy: 'Nothing to do.',
          });
        }
        return { tenant: 'demo', collection: '7', org: 'default' };
      },
    });
    const { result } = await runWorkflow<CollectionOutcome>(env, 'dataCollection', { activities });
    expect(result.outcome).toBe('completed');
    expect(tries).toBe(50);
  });

  test('gives the collection up when it is cancelled', async () => {
    const reasons: string[] = [];
    const activities = mockActivities({
      collectLines: async () => {
        throw new RevsyncError('Period 2024-01 is being closed.', {
          code: 'PERIOD_PENDING_CLOSE',
          fate: 'fix-input',
          remedy: 'Open the next period.',
        });
      },
      abandonCollection: async ({ reason }) => void reasons.push(reason),
    });
    const run = runWorkflow(env, 'dataCollection', {
      activities,
      during: async (handle) => {
        await untilWaiting(handle);
        await handle.cancel();
      },
    });
    await expect(run).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(reasons).toEqual(['not completed']);
  });
});

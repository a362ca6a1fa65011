import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';

import { idleQueues, isServed, passingIdentity } from '../../src/cli/task-queue-pollers.ts';

/** Pollers of a queue: who, and how many seconds ago. */
type Polled = Readonly<Record<string, readonly (readonly [identity: string, ago: number])[]>>;

const asked = (polled: Polled) => {
  const describeTaskQueue = async ({ taskQueue: { name } }: { taskQueue: { name: string } }) => ({
    pollers: (polled[name] ?? []).map(([identity, ago]) => ({
      identity,
      lastAccessTime: { seconds: Math.round(Date.now() / 1000 - ago) },
    })),
  });
  const client = { workflowService: { describeTaskQueue } } as unknown as Client;
  return { client, namespace: 'default', base: 'b' };
};

const STAYS = '7@host';

test('workers that stay serve the queues, also while they do nothing but the activities they have', async () => {
  const polled = { b: [[STAYS, 10]], 'b-extraction': [[STAYS, 10]], 'b-warehouse': [[STAYS, 200]] } as const;
  expect(await isServed(asked(polled))).toBe(true);
  expect(await idleQueues(asked(polled))).toEqual(['b-warehouse']);
});

test.each<[string, Polled]>([
  ['nobody asks', {}],
  ["one queue is nobody's", { b: [[STAYS, 1]], 'b-extraction': [[STAYS, 1]] }],
  ['the workers are gone', { b: [[STAYS, 80]], 'b-extraction': [[STAYS, 80]], 'b-warehouse': [[STAYS, 80]] }],
  [
    'it is the worker of a command, which ends with it',
    {
      b: [[passingIdentity(), 1]],
      'b-extraction': [[passingIdentity(), 1]],
      'b-warehouse': [[passingIdentity(), 1]],
    },
  ],
])('nobody can be counted on where %s', async (_where, polled) => {
  expect(await isServed(asked(polled))).toBe(false);
});

test('where Temporal does not tell, nobody is counted on', async () => {
  const describeTaskQueue = async () => {
    throw new Error('7 PERMISSION_DENIED');
  };
  const client = { workflowService: { describeTaskQueue } } as unknown as Client;
  expect(await isServed({ client, namespace: 'default', base: 'b' })).toBe(false);
});

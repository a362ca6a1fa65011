import { fileURLToPath } from 'node:url';

import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { isForcedEnd } from '../../workers/forced-end.ts';
import { type DevServer, startDevServer } from '../support/dev-server.ts';

let server: DevServer;
beforeAll(async () => void (server = await startDevServer()));
afterAll(() => server.close());

test('a worker that ends without an activity that does not end is told from one that failed', async () => {
  const connection = await NativeConnection.connect({ address: server.address });
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const worker = await Worker.create({
    connection,
    taskQueue: 'stuck',
    workflowsPath: fileURLToPath(import.meta.resolve('../support/stuck-workflow.ts')),
    activities: {
      async stuck() {
        begin();
        await held;
      },
    },
    shutdownGraceTime: '100 ms',
    shutdownForceTime: '500 ms',
  });
  const end = worker.run().catch((error: unknown) => error);
  await new Client({ connection }).workflow.start('stuckWorkflow', {
    workflowId: 'stuck',
    taskQueue: 'stuck',
  });
  await begun;
  worker.shutdown();
  const error = await end;
  release();
  expect(error).toBeInstanceOf(Error);
  expect(isForcedEnd(error)).toBe(true);
  expect(isForcedEnd(new Error('14 UNAVAILABLE'))).toBe(false);
}, 60_000);

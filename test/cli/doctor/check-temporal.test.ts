import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readConfiguration } from '../../../src/cli/configuration.ts';
import { checkTemporal } from '../../../src/cli/doctor/check-temporal.ts';
import { SEARCH_ATTRIBUTES } from '../../../src/domain/operator/search-attributes.ts';
import { WORKER_QUEUES, type WorkerQueue } from '../../../src/domain/operator/task-queues.ts';
import { registerSearchAttributes } from '../../../src/servers/search-attributes.ts';
import { type DevServer, startDevServer } from '../../support/dev-server.ts';
import { mockActivities } from '../../support/mock-activities.ts';
import { bundle, quietRuntime } from '../../support/temporal.ts';
import { createTestWorkers } from '../../support/test-workers.ts';

describe('what the doctor says of Temporal', () => {
  let temporal: DevServer;
  const found = async (base = 'revsync', namespace = 'default') => {
    const configuration = readConfiguration({ REVSYNC_TASK_QUEUE: base });
    const checks = await checkTemporal({ address: temporal.address, namespace }, configuration);
    return (check: string) => checks.find((one) => one.check === check);
  };

  beforeAll(async () => void (temporal = await startDevServer()));
  afterAll(() => temporal.close());

  test('names the search attributes that nobody registered, and how they are registered', async () => {
    const { AwaitingSince: _, ...earlier } = SEARCH_ATTRIBUTES;
    await registerSearchAttributes({ ...temporal, searchAttributes: earlier });
    expect((await found())('search-attributes')).toMatchObject({
      ok: false,
      message: 'Search attributes are missing: AwaitingSince.',
      remedy: expect.stringContaining('--name AwaitingSince --type Datetime') as string,
    });
    await registerSearchAttributes({ ...temporal, searchAttributes: SEARCH_ATTRIBUTES });
    expect((await found())('search-attributes')).toMatchObject({ ok: true });
  });

  test('does not take it for a failure that no worker runs', async () => {
    expect((await found())('task-queues')).toMatchObject({
      ok: true,
      message: 'No worker runs: nobody serves revsync, revsync-extraction, revsync-warehouse.',
    });
  });

  test('says which queues nobody serves, by their names', async () => {
    quietRuntime();
    const connection = await NativeConnection.connect({ address: temporal.address });
    const whileServed = async (queues: readonly WorkerQueue[], message: string) => {
      const workers = await createTestWorkers({
        connection,
        taskQueue: 'served',
        queues,
        workflowBundle: await bundle(),
        activities: mockActivities(),
      });
      const said = async () => (await found('served'))('task-queues');
      await workers.runUntil(async () => expect.poll(said).toMatchObject({ ok: true, message }));
    };
    try {
      await whileServed(
        ['orchestration', 'warehouse'],
        'Nobody serves served-extraction: what comes there waits for a worker.',
      );
      await whileServed(WORKER_QUEUES, 'Workers serve served, served-extraction, served-warehouse.');
    } finally {
      await connection.close();
    }
  });

  test('names a namespace that there is not', async () => {
    expect((await found('revsync', 'elsewhere'))('temporal')).toMatchObject({
      ok: false,
      message: expect.stringContaining('"elsewhere"') as string,
    });
  });
});

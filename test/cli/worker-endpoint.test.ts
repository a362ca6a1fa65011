import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readConfiguration } from '../../src/cli/configuration.ts';
import { openWorkerEndpoint } from '../../src/cli/worker-endpoint.ts';
import type { RunningWorker } from '../../workers/main.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { silentPath } from '../support/silent-path.ts';

type State = ReturnType<RunningWorker['states']>[number];

describe('openWorkerEndpoint', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const open = (databaseUrl: string) =>
    openWorkerEndpoint('127.0.0.1:0', {
      configuration: readConfiguration({}),
      databaseUrl,
      measured: async () => 'of_process 1\n',
      log: pino({ level: 'silent' }),
    });

  /** What the endpoint of a worker in these states answers at a path. */
  const answerOf = async (
    path: string,
    { states = ['RUNNING'], temporal = true, url = database.url }: Partial<Surroundings> = {},
  ) => {
    const getSystemInfo = async () => {
      if (!temporal) throw new Error('14 UNAVAILABLE');
      return {};
    };
    const worker = { states: () => states, sdkMetrics: null, client: { workflowService: { getSystemInfo } } };
    const endpoint = await open(url);
    endpoint.tellOf(worker as unknown as RunningWorker);
    try {
      const reply = await fetch(`${endpoint.url}${path}`);
      return { status: reply.status, body: await reply.json() };
    } finally {
      await endpoint.stop();
    }
  };
  interface Surroundings {
    readonly states: readonly State[];
    readonly temporal: boolean;
    readonly url: string;
  }

  test('answers before there is a worker, and is not ready', async () => {
    const endpoint = await open(database.url);
    try {
      const ready = await fetch(`${endpoint.url}/ready`);
      expect({ status: ready.status, body: await ready.json() }).toEqual({
        status: 503,
        body: { ready: false, workers: 'starting' },
      });
      expect(await (await fetch(`${endpoint.url}/metrics`)).text()).toBe('of_process 1\n');
      expect((await fetch(`${endpoint.url}/health`)).status).toBe(200);
    } finally {
      await endpoint.stop();
    }
  });

  test('gets over connections to the database that died without a word', async () => {
    const path = await silentPath(database.url);
    const endpoint = await open(path.url);
    const client = { workflowService: { getSystemInfo: async () => ({}) } };
    const worker = { states: () => ['RUNNING'], sdkMetrics: null, client };
    endpoint.tellOf(worker as unknown as RunningWorker);
    const ready = async () => (await fetch(`${endpoint.url}/ready`)).status;
    try {
      // Both connections are used, and idle when they die.
      const [status] = await Promise.all([ready(), fetch(`${endpoint.url}/metrics`)]);
      expect(status).toBe(200);
      path.silence();
      for (let asked = 0; asked < 4; asked += 1)
        await expect.poll(ready, { timeout: 5000, interval: 1100 }).toBe(503);
      path.restore();
      await expect.poll(ready, { timeout: 15_000, interval: 500 }).toBe(200);
    } finally {
      await endpoint.stop();
      await path.close();
    }
  }, 60_000);

  test('is ready when every queue is polled and database and Temporal answer', async () => {
    expect(await answerOf('/ready', { states: ['RUNNING', 'RUNNING', 'RUNNING'] })).toEqual({
      status: 200,
      body: { ready: true, workers: 'ok', database: 'ok', temporal: 'ok' },
    });
  });

  test.each<[string, Partial<Surroundings>, object]>([
    ['a queue is not polled', { states: ['RUNNING', 'DRAINING'] }, { workers: 'not polling' }],
    ['the database does not answer', { url: 'postgres://nobody@127.0.0.1:1/none' }, { database: 'down' }],
    ['Temporal does not answer', { temporal: false }, { temporal: 'down' }],
  ])('is not ready while %s', async (_what, surroundings, body) => {
    expect(await answerOf('/ready', surroundings)).toMatchObject({
      status: 503,
      body: { ready: false, ...body },
    });
  });

  test('is healthy while it stops, and not once a worker failed', async () => {
    expect((await answerOf('/health', { states: ['RUNNING', 'DRAINING'] })).status).toBe(200);
    expect((await answerOf('/health', { states: ['RUNNING', 'FAILED'] })).status).toBe(503);
  });
});

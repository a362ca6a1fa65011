import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ACTIVITY_QUEUES, taskQueueOf, type WorkerQueue } from '../../src/domain/operator/task-queues.ts';
import type { Digest } from '../../src/store/digest.ts';
import {
  openTerminal,
  type SandboxDocument,
  type Staying,
  type Terminal,
  until,
  type UpDocument,
} from '../support/command-line.ts';
import { holdTable, rowsOf } from './database-rows.ts';

const ENTITIES = [1, 2, 3, 4].map((number) => `Sandbox-Entity-${number}`);
const SPEC = 'items=8000,seed=5,entities=4';
const PERIOD = { REVSYNC_OPEN_PERIOD: '2025-06' };

type Worker = Staying<{ readonly worker: number; readonly queues: readonly WorkerQueue[] }>;

/** An activity as the histories have it. */
interface Done {
  readonly name: string;
  readonly queue: string;
  /** Process id of the worker that ended it. */
  readonly worker: number;
}

/** A database and queues of its own on the servers of the `up`, with workers to start. */
interface Site {
  readonly database: string;
  startWorker(...flags: string[]): Promise<Worker>;
  /** Starts a run of every entity at once; `again`: beside those that run. */
  begin(again?: string): Promise<WorkflowHandle[]>;
  digest(): Promise<Digest>;
  close(): Promise<void>;
}

describe('workers that share the entities of a tenant', () => {
  let nearby: Terminal;
  let up: UpDocument;
  let connection: Connection;
  let client: Client;
  /** What one process makes of it, and how long that takes. */
  let alone: { readonly digest: Digest; readonly seconds: number };

  const openSite = async (name: string): Promise<Site> => {
    await rowsOf(up.database, `create database ${name}`);
    const database = new URL(up.database);
    database.pathname = `/${name}`;
    const terminal = await openTerminal({
      ...PERIOD,
      DATABASE_URL: database.href,
      TEMPORAL_ADDRESS: up.temporal,
      REVSYNC_TASK_QUEUE: name,
      ZUORA_BASE_URL: up.billing,
    });
    await terminal.json(['migrate']);
    const start = (entity: string, again: string) =>
      client.workflow.start('revenueSync', {
        workflowId: `revenue-sync/${entity}${again}`,
        taskQueue: name,
        args: [{ entity }],
      });
    return {
      database: database.href,
      startWorker: (...flags) => terminal.start(['worker', ...flags]),
      begin: (again = '') => Promise.all(ENTITIES.map((entity) => start(entity, again))),
      digest: () => terminal.json<Digest>(['digest']),
      close: () => terminal.close(),
    };
  };

  /** Every run to its end, and how many seconds that took. */
  const completed = async (handles: readonly WorkflowHandle[]): Promise<number> => {
    const start = performance.now();
    const outcomes = await Promise.all(handles.map((handle) => handle.result() as Promise<object>));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ outcome: 'completed' });
    return Math.round((performance.now() - start) / 100) / 10;
  };

  const activitiesOf = async (handle: WorkflowHandle): Promise<Done[]> => {
    const scheduled = new Map<string, Pick<Done, 'name' | 'queue'>>();
    const done: Done[] = [];
    for (const event of (await handle.fetchHistory()).events ?? []) {
      const { activityTaskScheduledEventAttributes: asked, activityTaskCompletedEventAttributes: ended } =
        event;
      if (asked) {
        const [name, queue] = [asked.activityType?.name ?? '', asked.taskQueue?.name ?? ''];
        scheduled.set(String(event.eventId), { name, queue });
      }
      const of = ended && scheduled.get(String(ended.scheduledEventId));
      if (of) done.push({ ...of, worker: Number.parseInt(ended.identity ?? '', 10) });
    }
    return done;
  };

  beforeAll(async () => {
    nearby = await openTerminal(PERIOD);
    const sandbox = await nearby.start<SandboxDocument>(['sandbox', '--generate', SPEC]);
    up = (await nearby.start<UpDocument>(['up'], { env: { ZUORA_BASE_URL: sandbox.document.url } })).document;
    connection = await Connection.connect({ address: up.temporal });
    client = new Client({ connection });

    const site = await openSite('of_one');
    const worker = await site.startWorker();
    const seconds = await completed(await site.begin());
    alone = { seconds, digest: await site.digest() };
    await worker.stop();
    await site.close();
  });
  afterAll(async () => {
    await connection.close();
    await nearby.close();
  });

  test('two processes share four runs that begin at once, and bring what one brings', async () => {
    const site = await openSite('of_two');
    const workers = await Promise.all([site.startWorker(), site.startWorker()]);
    const handles = await site.begin();
    const seconds = await completed(handles);
    console.info(`four entities, ${SPEC}: ${alone.seconds} s by one process, ${seconds} s by two`);

    const by = (await Promise.all(handles.map(activitiesOf))).flat().map(({ worker }) => worker);
    expect(new Set(by)).toEqual(new Set(workers.map(({ pid }) => pid)));
    expect(await site.digest()).toEqual(alone.digest);
    await Promise.all(workers.map((worker) => worker.stop()));
    await site.close();
  });

  test('one that is killed in the middle of a run is replaced by the other, and no two runs of an entity meet', async () => {
    const site = await openSite('of_killed');
    const workers = await Promise.all([site.startWorker(), site.startWorker()]);
    const held = await holdTable(site.database, 'prestaging.invoice_item');
    const handles = [...(await site.begin()), ...(await site.begin('/again'))];
    await held.waitedFor();

    const busy = await until('a worker is in the middle of a run', async () => {
      const descriptions = await Promise.all(handles.map((handle) => handle.describe()));
      const loading = descriptions
        .flatMap(({ raw }) => raw.pendingActivities ?? [])
        .find(({ activityType, lastStartedTime }) => activityType?.name === 'loadFile' && lastStartedTime);
      return Number.parseInt(loading?.lastWorkerIdentity ?? '', 10) || null;
    });
    const [victim] = workers.filter(({ pid }) => pid === busy);
    const [survivor] = workers.filter(({ pid }) => pid !== busy);
    await victim?.kill();
    await held.release();

    await Promise.all(handles.map((handle) => handle.result()));
    const runs = await rowsOf<{ entity: string; overlaps: boolean | null; state: string }>(
      site.database,
      `select entity, state, opened_at < lag(closed_at) over (partition by entity order by opened_at) as overlaps
         from control.run order by entity, opened_at`,
    );
    expect(runs).toEqual(
      ENTITIES.flatMap((entity) =>
        [null, false].map((overlaps) => ({ entity, state: 'completed', overlaps })),
      ),
    );
    expect(await site.digest()).toEqual(alone.digest);
    expect((await survivor?.stop())?.code).toBe(0);
    await site.close();
  });

  test('processes for single queues work together, each on its own', async () => {
    const site = await openSite('of_queues');
    const workers = await Promise.all([
      site.startWorker('--queues', 'orchestration'),
      site.startWorker('--queues', 'extraction'),
      site.startWorker('--queues', 'warehouse'),
    ]);
    const handles = await site.begin();
    const seconds = await completed(handles);
    console.info(`four entities, ${SPEC}: ${seconds} s by three processes, one for each queue`);

    const pidOf = (queue: string): number =>
      workers.find(({ document }) => document.queues.some((one) => taskQueueOf('of_queues', one) === queue))
        ?.pid ?? 0;
    const done = (await Promise.all(handles.map(activitiesOf))).flat();
    expect(done.filter(({ queue, worker }) => worker !== pidOf(queue))).toEqual([]);
    expect(new Set(done.map(({ queue }) => queue)).size).toBe(3);
    expect(done.find(({ name }) => name === 'transform')?.queue).toBe(
      taskQueueOf('of_queues', ACTIVITY_QUEUES.transform),
    );
    expect(await site.digest()).toEqual(alone.digest);
    await Promise.all(workers.map((worker) => worker.stop()));
    await site.close();
  });
});

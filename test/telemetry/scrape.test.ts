import type { Client } from '@temporalio/client';
import { ScheduleNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { openDatabase, openPool } from '../../src/store/database.ts';
import { type ScrapeSources, scrapeOf } from '../../src/telemetry/scrape.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { run } from '../support/server-database.ts';
import { recordTenant } from '../support/sync-rows.ts';

interface Workflow {
  readonly type: string;
  readonly taskQueue: string;
  readonly startTime: Date;
  readonly searchAttributes: Record<string, unknown[]>;
}

/** A Temporal of which only this is asked. */
function temporalWith({
  workflows = [],
  schedules = {},
}: {
  workflows?: readonly Workflow[];
  schedules?: Record<string, object | null>;
}) {
  const list = vi.fn(async function* () {
    yield* workflows;
  });
  const client = {
    workflow: { list },
    schedule: {
      async *list() {
        for (const scheduleId of Object.keys(schedules)) yield { scheduleId };
      },
      getHandle: (scheduleId: string) => ({
        async describe() {
          const found = schedules[scheduleId];
          if (found == null) throw new ScheduleNotFoundError('gone', scheduleId);
          return { scheduleId, ...found };
        },
      }),
    },
  };
  return { client: client as unknown as Client, list };
}

const refuse = (): never => {
  throw new Error('14 UNAVAILABLE');
};
const DOWN = { workflow: { list: refuse }, schedule: { list: refuse } } as unknown as Client;

describe('scrapeOf', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordTenant(database);
  });
  afterAll(() => database.close());

  const scraper = (sources: Partial<ScrapeSources> = {}) =>
    scrapeOf({
      db: database.db,
      temporal: temporalWith({}).client,
      taskQueue: 'revsync',
      version: '1.2.3',
      measured: [],
      changes: () => undefined,
      ...sources,
    });
  const scrape = (sources: Partial<ScrapeSources> = {}) => scraper(sources)();

  test('tells the version, and that everything answers', async () => {
    const text = await scrape();
    expect(text).toContain('revsync_build_info{version="1.2.3"} 1\n');
    expect(text).toContain('revsync_database_up 1\n');
    expect(text).toContain('revsync_temporal_up 1\n');
    expect(text).toContain('revsync_lines_waiting{org="default",status="held"} 0\n');
  });

  test('answers without a database, and says so', async () => {
    const db = openDatabase(openPool('postgres://nobody:secret@127.0.0.1:1/none'));
    const changes = vi.fn();
    const text = await scrape({ db, changes });
    expect(changes).toHaveBeenCalledWith('metrics of the database', expect.stringContaining('ECONNREFUSED'));
    expect(text).not.toContain('pending_migrations');
    expect(text).toContain('revsync_database_up 0\n');
    expect(text).toContain('revsync_temporal_up 1\n');
    expect(text).not.toContain('revsync_lines_waiting');
    expect(text).not.toContain('secret');
    await db.destroy();
  });

  test('tells a schema that is older than itself from a database that does not answer', async () => {
    const last = `(select max(name) from public.kysely_migration)`;
    // A name that the program does not know, in place of the newest.
    await run(database.url, `update public.kysely_migration set name = name || '.not' where name = ${last}`);
    try {
      const text = await scrape();
      expect(text).toContain('revsync_database_up 0\n');
      expect(text).toContain('revsync_database_pending_migrations 1\n');
    } finally {
      await run(database.url, `update public.kysely_migration set name = replace(name, '.not', '')`);
    }
    expect(await scrape()).toContain('revsync_database_pending_migrations 0\n');
  });

  test('asks for several schedules at a time', async () => {
    let open = 0;
    let most = 0;
    const client = {
      workflow: temporalWith({}).client.workflow,
      schedule: {
        async *list() {
          for (let each = 0; each < 30; each += 1) yield { scheduleId: String(each) };
        },
        getHandle: (scheduleId: string) => ({
          async describe() {
            most = Math.max(most, (open += 1));
            await new Promise((resolve) => setImmediate(resolve));
            open -= 1;
            return {
              scheduleId,
              action: { taskQueue: 'revsync' },
              info: { numActionsTaken: 1, numActionsMissedCatchupWindow: 0, numActionsSkippedOverlap: 0 },
              state: { paused: false },
            };
          },
        }),
      },
    } as unknown as Client;
    const text = await scrape({ temporal: client });
    expect(text.match(/^revsync_schedule_paused/gm)).toHaveLength(30);
    expect(most).toBe(8);
  });

  test('answers without Temporal, and says so', async () => {
    const text = await scrape({ temporal: DOWN });
    expect(text).toContain('revsync_temporal_up 0\n');
    expect(text).toContain('revsync_database_up 1\n');
  });

  test('adds what was measured, each beginning on a line of its own', async () => {
    const measured = [
      async () => '# TYPE a counter\na 1',
      async () => {
        throw new Error('no');
      },
      async () => 'b 2\n',
    ];
    expect(await scrape({ measured })).toMatch(/\n# TYPE a counter\na 1\nb 2\n$/);
  });

  test('scrapes that come fast look once', async () => {
    const { client, list } = temporalWith({});
    const transaction = vi.spyOn(database.db, 'transaction');
    const fast = scraper({ temporal: client });
    await Promise.all(Array.from({ length: 20 }, fast));
    await fast();
    expect(list).toHaveBeenCalledTimes(1);
    expect(transaction).toHaveBeenCalledTimes(1);
    transaction.mockRestore();
  });

  test('counts workflows of ours that wait, by type, and takes the oldest of each', async () => {
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
    const waiting = (type: string, since: number | null, taskQueue = 'revsync'): Workflow => ({
      type,
      taskQueue,
      startTime: ago(5000),
      searchAttributes: since === null ? {} : { AwaitingSince: [ago(since)] },
    });
    const { client, list } = temporalWith({
      workflows: [
        waiting('revenueSync', 100),
        waiting('revenueSync', 200),
        waiting('revenueSync', 9000, 'of-others'),
        // Of a version that did not say since when.
        waiting('dataCollection', null),
      ],
    });
    const text = await scrape({ temporal: client });
    expect(list).toHaveBeenCalledWith({ query: "AwaitingAction = true AND ExecutionStatus = 'Running'" });
    expect(text).toContain('revsync_waiting_steps{workflow_type="revenueSync"} 2\n');
    expect(text).toMatch(/revsync_oldest_waiting_step_seconds\{workflow_type="revenueSync"\} 20[0-9]\b/);
    expect(text).toMatch(/revsync_oldest_waiting_step_seconds\{workflow_type="dataCollection"\} 500[0-9]\b/);
  });

  test('tells the schedules of ours, and does not mind one that is deleted meanwhile', async () => {
    const info = { numActionsTaken: 5, numActionsMissedCatchupWindow: 2, numActionsSkippedOverlap: 1 };
    const { client } = temporalWith({
      schedules: {
        gone: null,
        'revenue-sync/demo': { action: { taskQueue: 'revsync' }, info, state: { paused: true } },
        others: { action: { taskQueue: 'of-others' }, info, state: { paused: false } },
      },
    });
    const text = await scrape({ temporal: client });
    expect(text.match(/^revsync_schedule_.*$/gm)).toEqual([
      'revsync_schedule_actions_total{schedule="revenue-sync/demo",result="taken"} 5',
      'revsync_schedule_actions_total{schedule="revenue-sync/demo",result="missed"} 2',
      'revsync_schedule_actions_total{schedule="revenue-sync/demo",result="skipped"} 1',
      'revsync_schedule_paused{schedule="revenue-sync/demo"} 1',
    ]);
  });
});

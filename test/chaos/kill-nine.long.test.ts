import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import { freePort } from '../../src/servers/ports.ts';
import { identify } from '../../src/servers/process-identity.ts';
import type { Digest } from '../../src/store/digest.ts';
import {
  openTerminal,
  type SandboxDocument,
  type Staying,
  tellSandbox,
  type Terminal,
  until,
  type UpDocument,
} from '../support/command-line.ts';
import { type HeldTable, holdTable, rowsOf } from '../scenarios/database-rows.ts';
import { killNine, processOf } from './killing.ts';

const SPEC = 'items=2000,seed=3';
const PERIOD = { REVSYNC_OPEN_PERIOD: '2025-06' };

/** The state after a run that nothing disturbed. */
let undisturbed: Digest;
let nearby: Terminal;
let billing: string;

beforeAll(async () => {
  nearby = await openTerminal(PERIOD);
  const sandbox = await nearby.start<SandboxDocument>(['sandbox', '--generate', SPEC]);
  billing = sandbox.document.url;
  const run = await nearby.json<SyncReport>(['sync', 'run'], { env: { ZUORA_BASE_URL: billing } });
  expect(run).toMatchObject({ outcome: 'completed', balance: { balanced: true } });
  undisturbed = await nearby.json<Digest>(['digest']);
});
afterAll(() => nearby.close());

/** The result of a run, asked for on a connection of its own. */
async function resultOf(temporal: string, workflowId: string): Promise<unknown> {
  const connection = await Connection.connect({ address: temporal });
  try {
    return await new Client({ connection }).workflow.getHandle(workflowId).result();
  } finally {
    await connection.close();
  }
}

describe('kill -9 under a running `up`', () => {
  let terminal: Terminal;
  let up: Staying<UpDocument>;

  const hold = (table: string): Promise<HeldTable> => holdTable(up.document.database, table);
  const begin = async (): Promise<void> => {
    await terminal.json<SyncReport>(['sync', 'run', '--no-wait']);
  };
  const startUp = () => terminal.start<UpDocument>(['up'], { env: { ZUORA_BASE_URL: billing } });
  const expectUndisturbedState = async (): Promise<void> => {
    const runs = await terminal.json<{ state: string; outcome: string; balanced: boolean }[]>([
      'run',
      'list',
    ]);
    expect(runs).toMatchObject([{ state: 'completed', outcome: 'completed', balanced: true }]);
    expect(await terminal.json<Digest>(['digest'])).toEqual(undisturbed);
  };

  beforeEach(async () => {
    terminal = await openTerminal(PERIOD);
    up = await startUp();
  });
  afterEach(() => terminal.close());

  test('of the worker, at every step of one sync: the next worker goes on', async () => {
    const { database, temporal } = up.document;
    await tellSandbox(billing, 'faults', {
      kind: '429',
      match: 'GET /v1/batch-query/jobs',
      times: 2,
      retryAfter: 3,
    });
    const tables = ['prestaging.invoice_item', 'staging.line', 'control.mark', 'revenue.contract'];
    let held = await hold(tables[0] ?? '');
    await begin();
    await until('the export is asked for', async () => {
      const runs = await rowsOf(database, 'select from control.run where export_job is not null');
      return runs.length === 1;
    });
    await killNine(await processOf(terminal, 'worker'));
    for (const next of [...tables.slice(1), null]) {
      await held.waitedFor();
      const before = held;
      if (next !== null) held = await hold(next);
      const worker = await processOf(terminal, 'worker');
      await killNine(worker);
      await before.release();
      await until('there is a new worker', async () => (await processOf(terminal, 'worker')) !== worker);
    }
    expect(await resultOf(temporal, 'revenue-sync/demo')).toMatchObject({ outcome: 'completed' });
    await expectUndisturbedState();
  });

  test('of `up` itself: the next one cleans up and finishes the run', async () => {
    const held = await hold('staging.line');
    await begin();
    await held.waitedFor();
    const left = await Promise.all(
      ['worker', 'temporal', 'postgres'].map((kind) => processOf(terminal, kind)),
    );
    await up.kill();

    up = await startUp();
    await held.release();
    expect(up.stderr()).toContain('left behind');
    expect(left.filter((pid) => identify(pid) !== null)).toEqual([]);
    expect(await resultOf(up.document.temporal, 'revenue-sync/demo')).toMatchObject({ outcome: 'completed' });
    await expectUndisturbedState();
  });

  test.each([
    ['postgres', 'prestaging.invoice_item'],
    ['postgres', 'revenue.contract'],
    ['temporal', 'staging.line'],
  ])('of %s, while %s is written: the command that waits ends completed', async (server, table) => {
    const held = await hold(table);
    const syncing = terminal.run(['sync', 'run', '--json'], { within: 300_000 });
    await held.waitedFor();
    const pid = await processOf(terminal, server);
    await killNine(pid);
    await held.release();
    await until('it runs again', async () => (await processOf(terminal, server)) !== pid);

    const done = await syncing;
    expect(done.stderr).not.toMatch(/^\s+at .+:\d+/m);
    expect({ code: done.code, report: done.json<SyncReport>() }).toMatchObject({
      code: 0,
      report: { outcome: 'completed', balance: { balanced: true } },
    });
    await expectUndisturbedState();
  });
});

describe('kill -9 of what stands alone', () => {
  test('of a worker: one that is started in its place goes on', async () => {
    const { document } = await nearby.start<UpDocument>(['up'], { env: { ZUORA_BASE_URL: billing } });
    const database = new URL(document.database);
    await rowsOf(database.href, 'create database alone');
    database.pathname = '/alone';
    const alone = await openTerminal({
      ...PERIOD,
      DATABASE_URL: database.href,
      TEMPORAL_ADDRESS: document.temporal,
      REVSYNC_TASK_QUEUE: 'alone',
      ZUORA_BASE_URL: billing,
    });
    const connection = await Connection.connect({ address: document.temporal });
    try {
      await alone.json(['migrate']);
      const worker = await alone.start<{ worker: number }>(['worker']);
      expect(worker.document.worker).toBe(worker.pid);
      const held = await holdTable(database.href, 'staging.line');
      const handle = await new Client({ connection }).workflow.start('revenueSync', {
        workflowId: 'alone',
        taskQueue: 'alone',
      });
      await held.waitedFor();
      await worker.kill();
      await held.release();

      const second = await alone.start<{ worker: number }>(['worker']);
      expect(await handle.result()).toMatchObject({ outcome: 'completed' });
      expect((await second.stop()).code).toBe(0);
      expect(await alone.json<Digest>(['digest'])).toEqual(undisturbed);
    } finally {
      await connection.close();
      await alone.close();
    }
  });

  test('of Billing, files and tokens lost with it: the export is asked for again', async () => {
    const terminal = await openTerminal(PERIOD);
    try {
      const port = await freePort();
      const serve = () =>
        terminal.start<SandboxDocument>(['sandbox', '--generate', SPEC, '--port', String(port)]);
      const sandbox = await serve();
      const url = sandbox.document.url;
      const { document } = await terminal.start<UpDocument>(['up'], { env: { ZUORA_BASE_URL: url } });
      const held = await holdTable(document.database, 'prestaging.account');
      const syncing = terminal.run(['sync', 'run', '--json'], { within: 300_000 });
      await held.waitedFor();
      await sandbox.kill();
      await held.release();
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await serve();
      const done = await syncing;
      expect({ code: done.code, report: done.json<SyncReport>() }).toMatchObject({
        code: 0,
        report: { outcome: 'completed', balance: { balanced: true } },
      });
      expect(await terminal.json<Digest>(['digest'])).toEqual(undisturbed);
    } finally {
      await terminal.close();
    }
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import { isListening } from '../../src/servers/ports.ts';
import { identify, isRunning } from '../../src/servers/process-identity.ts';
import { readServerRecord, type ServerRecord } from '../../src/servers/server-record.ts';
import { openTerminal, type Staying, type Terminal, type UpDocument } from '../support/command-line.ts';
import { holdTable } from './database-rows.ts';

const LOCAL = /^http:\/\/127\.0\.0\.1:\d+$/;
const portOf = (address: string): number => Number(/:(\d+)(?:\/|$)/.exec(address)?.[1]);

describe('up', () => {
  let terminal: Terminal;
  let up: Staying<UpDocument>;
  let record: ServerRecord | null;
  let ports: number[];

  beforeAll(async () => {
    terminal = await openTerminal();
    up = await terminal.start<UpDocument>(['up']);
    record = await readServerRecord({ dir: terminal.stateDir, cacheDir: '' });
    const { database, temporal, ui, billing, metrics } = up.document;
    ports = [database, temporal, ui, billing, metrics].map(portOf);
  });
  afterAll(() => terminal.close());

  test('prints where everything is once it is ready', async () => {
    expect(up.document).toEqual({
      database: expect.stringMatching(/^postgres:\/\/.+@127\.0\.0\.1:\d+\/revsync$/),
      temporal: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      namespace: 'default',
      ui: expect.stringMatching(LOCAL),
      billing: expect.stringMatching(LOCAL),
      worker: expect.any(Number),
      metrics: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/),
    });
    expect(identify(up.document.worker)).not.toBeNull();
    expect(await Promise.all(ports.map(isListening))).toEqual([true, true, true, true, true]);
    const page = await fetch(up.document.ui);
    expect({ status: page.status, html: await page.text() }).toMatchObject({
      status: 200,
      html: expect.stringContaining('<!doctype html>'),
    });
  });

  test('a second one finds the first and says so', async () => {
    const second = await terminal.run(['up', '--json']);
    expect(second.code).toBe(0);
    expect(second.json()).toEqual(up.document);
    expect(second.stderr).toContain(`already (process ${up.pid}`);
  });

  test('a command uses what runs and starts no server of its own', async () => {
    const done = await terminal.run(['sync', 'run', '--json']);
    expect(done.json<SyncReport>()).toMatchObject({ outcome: 'completed' });
    expect(done.stderr).not.toMatch(/listens on port|Stopped/);
    expect(await readServerRecord({ dir: terminal.stateDir, cacheDir: '' })).toEqual(record);
  });

  test('a sync that finds another one running waits for it, or is refused when it shall not wait', async () => {
    const held = await holdTable(up.document.database, 'prestaging.account');
    const started = await terminal.json<SyncReport>(['sync', 'run', '--no-wait']);
    expect(started).toMatchObject({ workflowId: 'revenue-sync/demo', outcome: 'started' });
    await held.waitedFor();

    const queueing = terminal.run(['sync', 'run', '--json']);
    const refused = await terminal.run(['sync', 'run', '--no-queue', '--json']);
    await held.release();
    const queued = await queueing;
    expect(refused.code).toBe(1);
    expect(refused.json<SyncReport>()).toMatchObject({
      outcome: 'refused',
      message: 'revenue-sync/demo is running already.',
    });
    expect(queued.code).toBe(0);
    expect(queued.stderr).toContain('revenue-sync/demo is running already; waiting for it.');
    const { outcome, runId } = queued.json<SyncReport>();
    expect(outcome).toBe('nothing-to-do');
    expect(runId).not.toBe(started.runId);
    const runs = await terminal.json<{ runId: string; state: string }[]>(['run', 'list']);
    expect(runs.map((run) => run.state)).toEqual(['completed', 'completed', 'completed']);
    expect(runs.map((run) => run.runId).slice(1)).toEqual([started.runId, runId]);
  });

  test('Ctrl-C stops everything that it started', async () => {
    const worker = identify(up.document.worker);
    const processes = [...(record?.processes ?? []), ...(worker === null ? [] : [worker])];
    expect(record?.processes.map(({ kind }) => kind).toSorted()).toEqual(['postgres', 'temporal', 'worker']);
    expect(processes.every(isRunning)).toBe(true);

    const { code, stderr } = await up.stop();
    expect(code).toBe(0);
    expect(stderr).not.toContain('    at ');
    expect(processes.filter(isRunning)).toEqual([]);
    expect(await Promise.all(ports.map(isListening))).toEqual([false, false, false, false, false]);
    expect(await readServerRecord({ dir: terminal.stateDir, cacheDir: '' })).toBeNull();
  });
});

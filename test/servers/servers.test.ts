import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { identify } from '../../src/servers/process-identity.ts';
import { readServerRecord } from '../../src/servers/server-record.ts';
import { type ServersOptions, startServers } from '../../src/servers/servers.ts';
import { openStateFolder, type StateFolder } from '../../src/servers/state-folder.ts';
import { inAnotherProcess } from './in-another-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const { DATABASE_URL: _database, TEMPORAL_ADDRESS: _temporal, ...ENV } = process.env;
const DATABASE = { database: true, temporal: false } as const;
const BOTH = { database: true, temporal: true } as const;

async function setUp() {
  const lines: string[] = [];
  const report = (line: string): void => void lines.push(line);
  const env = { ...ENV, REVSYNC_STATE_DIR: await temporaryFolder() };
  const state = await openStateFolder({ env, projectRoot: ROOT, report });
  const options = { state, env, report, role: 'command', searchAttributes: {} } as const;
  return { options, state, lines };
}

/** An `up` in a process of its own; prints the process of its database once it is ready, and stays. */
function up(state: StateFolder, options: Partial<ServersOptions> & { publishAfter?: number } = {}) {
  const text = `
    const { startServers } = await load('servers');
    const { stopOnSignals } = await load('stop-on-signals');
    const { publishAfter = 0, ...options } = JSON.parse(args[0]);
    const servers = await startServers({ ...options, env: process.env, report: () => {} });
    stopOnSignals(() => servers.stop(), { report: () => {} });
    console.log(servers.database);
    servers.own('worker', Number(args[1]));
    setTimeout(() => servers.publish({ billing: 'http://127.0.0.1:1' }), publishAfter);
    setInterval(() => {}, 1000);`;
  const all = { state, want: DATABASE, role: 'up', searchAttributes: {}, ...options };
  const worker = inAnotherProcess('setInterval(() => {}, 1000);');
  const child = inAnotherProcess(text, [JSON.stringify(all), String(worker.pid)]);
  onTestFinished(async () => {
    child.child.kill('SIGTERM');
    await child.ended();
  });
  return { ...child, worker, url: () => child.line() };
}

describe('startServers', () => {
  test('starts both, records them for their owner alone, and leaves nothing behind', async () => {
    const { options, state, lines } = await setUp();
    const servers = await startServers({ ...options, want: BOTH });
    onTestFinished(() => servers.stop());
    expect(servers.database).toMatch(/^postgres:\/\//);
    expect(servers.temporal).toEqual({
      address: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      namespace: 'default',
      ui: expect.stringMatching(/^http:/),
    });
    const record = await readServerRecord(state);
    expect(record?.processes.map(({ kind }) => kind).toSorted()).toEqual(['postgres', 'temporal']);
    expect((await stat(join(state.dir, 'servers.json'))).mode & 0o777).toBe(0o600);

    await Promise.all([servers.stop(), servers.stop()]);
    expect(record?.processes.map(({ pid }) => identify(pid))).toEqual([null, null]);
    expect(await readdir(state.dir)).not.toContain('servers.json');
    expect(lines.filter((line) => line.startsWith('Stopped'))).toHaveLength(1);
  });

  test('starts nothing where DATABASE_URL and TEMPORAL_ADDRESS name what is there', async () => {
    const { options, lines } = await setUp();
    const env = {
      DATABASE_URL: 'postgres://there/revsync',
      TEMPORAL_ADDRESS: 'there:7233',
      TEMPORAL_NAMESPACE: 'rev',
    };
    const servers = await startServers({ ...options, env, want: BOTH });

    expect(servers.database).toBe('postgres://there/revsync');
    expect(servers.temporal).toEqual({ address: 'there:7233', namespace: 'rev', ui: null });
    expect(lines).toEqual([]);
  });

  test('uses an up that runs, also one that is still getting ready, and leaves it alone', async () => {
    const { options, state, lines } = await setUp();
    const first = up(state, { publishAfter: 400 });
    const url = await first.url();
    const second = await startServers({ ...options, want: DATABASE });

    expect(second.database).toBe(url);
    expect(second.running).toMatchObject({
      owner: { pid: first.pid },
      extra: { billing: 'http://127.0.0.1:1' },
    });
    expect(lines[0]).toBe(`Process ${first.pid} uses the servers of ${state.dir}; waiting for it ...`);
    await second.stop();

    const third = await startServers({ ...options, role: 'up', want: DATABASE });
    expect(third.running?.owner.pid).toBe(first.pid);
    const elsewhere = startServers({
      ...options,
      role: 'up',
      env: { DATABASE_URL: 'other' },
      want: DATABASE,
    });
    await expect(elsewhere).rejects.toMatchObject({
      code: 'STATE_FOLDER_IN_USE',
      context: { pid: first.pid },
    });
  });

  test('ends what an up that was killed left behind: its database and its worker', async () => {
    const { options, state, lines } = await setUp();
    const first = up(state);
    await first.url();
    await expect.poll(async () => (await readServerRecord(state))?.processes.length).toBe(2);
    const orphans = (await readServerRecord(state))?.processes ?? [];
    first.child.kill('SIGKILL');
    await first.ended();
    expect(orphans.filter(({ pid }) => identify(pid) === null)).toEqual([]);

    const second = await startServers({ ...options, want: DATABASE });
    onTestFinished(() => second.stop());
    expect(orphans.filter(({ pid }) => identify(pid) !== null)).toEqual([]);
    expect(second.running).toBeNull();
    expect(lines[0]).toMatch(/^Ending worker, process \d+, left behind by process \d+ \.\.\.$/);
  });

  test('gives the database back in the same place when it was killed', async () => {
    const { options, state, lines } = await setUp();
    const servers = await startServers({ ...options, want: DATABASE });
    onTestFinished(() => servers.stop());
    const before = (await readServerRecord(state))?.processes[0]?.pid ?? 0;
    process.kill(before, 'SIGKILL');

    await expect.poll(async () => (await readServerRecord(state))?.processes[0]?.pid).not.toBe(before);
    expect((await readServerRecord(state))?.database).toBe(servers.database);
    expect(lines).toContain(`PostgreSQL: process ${before} ended unexpectedly; starting it again ...`);
  });

  test('leaves the state folder free when a start fails', async () => {
    const { options, state } = await setUp();
    const taken = up((await setUp()).state);
    const port = Number(new URL(await taken.url()).port);

    const failing = startServers({ ...options, want: DATABASE, ports: { database: port } });
    await expect(failing).rejects.toMatchObject({ code: 'PORT_TAKEN' });
    expect(await readdir(state.dir)).not.toContain('servers.lock');
  });
});

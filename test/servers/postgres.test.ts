import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';

import { identify } from '../../src/servers/process-identity.ts';
import { type PostgresOptions, type RunningPostgres, startPostgres } from '../../src/servers/postgres.ts';
import { openStateFolder, type StateFolder } from '../../src/servers/state-folder.ts';
import { inAnotherProcess } from './in-another-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const lines: string[] = [];
const report = (line: string): void => void lines.push(line);

async function stateFolder(): Promise<StateFolder> {
  const env = { ...process.env, REVSYNC_STATE_DIR: await temporaryFolder() };
  return openStateFolder({ env, projectRoot: ROOT, report });
}

async function start(state: StateFolder, options: Partial<PostgresOptions> = {}): Promise<RunningPostgres> {
  lines.length = 0;
  const postgres = await startPostgres({ state, report, ...options });
  onTestFinished(() => postgres.stop());
  return postgres;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  test('makes a database that keeps its rows over a stop, and a password that only its owner can read', async () => {
    const state = await stateFolder();
    const first = await start(state);
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    expect(identify(first.pid)).toBeNull();

    const second = await start(state);
    expect(await query(second.url, 'select answer from kept')).toEqual([42]);
    expect((await stat(join(state.dir, 'postgres-password'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(state.dir, 'logs', 'postgres.log'), 'utf8')).toContain('ready to accept');
    expect(lines).toEqual([expect.stringMatching(/^PostgreSQL: listens on port \d+ \(\d+\.\d s\)$/)]);
  });

  test('is set up the same way on every machine: UTF-8, UTC, durable, loopback only', async () => {
    const { url } = await start(await stateFolder(), { settings: { work_mem: '32MB' } });
    const names = [
      'server_encoding',
      'timezone',
      'synchronous_commit',
      'fsync',
      'listen_addresses',
      'work_mem',
      'jit',
    ];
    const values = await query(url, `select ${names.map((name) => `current_setting('${name}')`).join()}`);

    expect(values).toEqual(['UTF8', 'UTC', 'on', 'on', '127.0.0.1', '32MB', 'off']);
    expect(await query(url, `select lower('ÄÖÜ'), 'Z' < 'a'`)).toEqual(['äöü', true]);
    await expect(query(url.replace(/:[0-9a-f]+@/, ':wrong@'), 'select 1')).rejects.toThrow('password');
  });

  test('starts again after kill -9, with everything that was committed', async () => {
    const state = await stateFolder();
    const first = await start(state);
    await query(first.url, 'create table kept as select 42 as answer');
    process.kill(first.pid, 'SIGKILL');
    await first.exited;

    const second = await start(state, { port: first.port });
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'select answer from kept')).toEqual([42]);
  });

  test('ends what a revsync that was killed left running, and says so', async () => {
    const state = await stateFolder();
    const owner = inAnotherProcess(
      `const { startPostgres } = await load('postgres');
       const { pid } = await startPostgres({ state: JSON.parse(args[0]), report: () => {} });
       console.log(pid);
       setInterval(() => {}, 1000);`,
      [JSON.stringify(state)],
    );
    const orphan = Number(await owner.line());
    await expect(startPostgres({ state, report })).rejects.toMatchObject({ code: 'STATE_FOLDER_IN_USE' });
    owner.child.kill('SIGKILL');
    await owner.ended();
    expect(identify(orphan)).not.toBeNull();

    const second = await start(state);
    expect(identify(orphan)).toBeNull();
    expect(lines[0]).toBe(
      `PostgreSQL: ending process ${orphan}, left behind by a revsync that was killed ...`,
    );
    expect(await query(second.url, 'select 1')).toEqual([1]);
  });

  test('ends one that only its postmaster.pid tells of, but nobody who merely got its number', async () => {
    const state = await stateFolder();
    const first = await start(state);
    await writeFile(join(state.dir, 'postgres-process.json'), '');
    const second = await start(state);
    expect(identify(first.pid)).toBeNull();

    process.kill(second.pid, 'SIGKILL');
    await second.exited;
    const file = join(state.dir, 'postgres', 'postmaster.pid');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^\d+/, String(process.pid)));
    expect(await query((await start(state)).url, 'select 1')).toEqual([1]);
  });

  test('names the port that is taken', async () => {
    const { port } = await start(await stateFolder());
    const another = startPostgres({ state: await stateFolder(), report, port });
    await expect(another).rejects.toMatchObject({ code: 'PORT_TAKEN', context: { port } });
  });

  test('repeats the words of PostgreSQL when it does not start', async () => {
    const state = await stateFolder();
    await (await start(state)).stop();
    await expect(start(state, { settings: { work_mem: 'plenty' } })).rejects.toMatchObject({
      code: 'POSTGRES_START_FAILED',
      message: expect.stringContaining('invalid value for parameter "work_mem"'),
      remedy: expect.stringContaining('DATABASE_URL'),
    });
  });
});

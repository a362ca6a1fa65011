import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { reasonOf, RevsyncError } from '../domain/errors.ts';
import { isRoot } from './enterable.ts';
import { endLeftBehindPostmaster, POSTGRES_SIGNALS } from './left-behind-postmaster.ts';
import { endLeftBehind, recordOwned } from './owned-process.ts';
import { freePort, requireFreePort } from './ports.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { openCluster } from './postgres-cluster.ts';
import { postgresHome } from './postgres-home.ts';
import { postgresSettings } from './postgres-settings.ts';
import { type PostgresUser, postgresUser } from './postgres-user.ts';
import { type Report, tookSince } from './report.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import type { StateFolder } from './state-folder.ts';

export interface RunningPostgres {
  /** `postgres://` with the superuser's password: show it to nobody but the person who runs revsync. */
  readonly url: string;
  readonly pid: number;
  readonly startTime: string;
  readonly port: number;
  /** Settles when the server has ended, whoever ended it. */
  readonly exited: Promise<void>;
  /** Fast shutdown; resolves when the process is gone. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  readonly state: StateFolder;
  readonly report: Report;
  /** On 127.0.0.1; a free one when left out. */
  readonly port?: number;
  /** On top of `postgresSettings`, by PostgreSQL's names. */
  readonly settings?: Readonly<Record<string, string>>;
}

const DATABASE = 'revsync';
const STARTS = 20;
const RECOVERY = 15 * 60_000;

/**
 * Starts the embedded PostgreSQL of this state folder, with an empty database `revsync` the first time.
 * One that a killed revsync left behind is ended first.
 *
 * @throws RevsyncError `PORT_TAKEN`, `STATE_FOLDER_IN_USE`, `POSTGRES_START_FAILED` and those of finding it (all fix-input)
 */
export async function startPostgres({
  state,
  report,
  port,
  settings,
}: PostgresOptions): Promise<RunningPostgres> {
  const start = performance.now();
  const binaries = await postgresBinaries(state, report);
  const home = await postgresHome(state, report);
  const { dataDir, password } = await openCluster(home, binaries, await postgresUser(), report);
  const user = await ownerOf(dataDir);
  const logFile = join(state.dir, 'logs', 'postgres.log');
  const record = join(home, 'postgres-process.json');

  for (let attempt = 1; ; attempt += 1) {
    await endLeftBehind(record, { what: 'PostgreSQL', signals: POSTGRES_SIGNALS, report });
    await endLeftBehindPostmaster(dataDir, report);
    const chosen = port === undefined ? await freePort() : await requireFreePort(port, 'PostgreSQL');
    const flags = Object.entries({ ...(await postgresSettings(chosen)), ...settings });
    const server = await startServerProcess({
      file: binaries.postgres,
      args: ['-D', dataDir, ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      cwd: dataDir,
      user,
      logFile,
      signals: POSTGRES_SIGNALS,
      onSpawn: (identity) => recordOwned(record, identity),
    });
    const url = (database: string): string =>
      `postgres://postgres:${password}@127.0.0.1:${chosen}/${database}`;
    const problem = await whyNotReady(server, url('postgres'));
    if (problem === null) {
      report(`PostgreSQL: listens on port ${chosen} (${tookSince(start)})`);
      const { pid, startTime, exited } = server;
      return { url: url(DATABASE), pid, startTime, port: chosen, exited, stop: () => server.stop() };
    }
    await server.stop();
    if (attempt === STARTS || !PASSING.test(problem)) throw startFailed(problem, logFile);
    await sleep(500);
  }
}

/** Somebody was quicker with the port, or backends of a killed postmaster have not ended yet. */
const PASSING = /could not bind|could not create any TCP|postmaster\.pid|pre-existing shared memory/;

/** PostgreSQL runs only as the owner of its data, which root need not be. */
async function ownerOf(dataDir: string): Promise<PostgresUser> {
  if (!isRoot()) return null;
  const { uid, gid } = await stat(dataDir);
  return { uid, gid };
}

/** Waits until the database can be used; returns the server's own words when it ended before that. */
async function whyNotReady(server: ServerProcess, url: string): Promise<string | null> {
  let ended = false;
  void server.exited.then(() => (ended = true));
  let last: unknown;
  for (const deadline = Date.now() + RECOVERY; Date.now() < deadline; await sleep(50)) {
    if (ended) return fatalLines(await server.logged());
    try {
      await ensureDatabase(url);
      return null;
    } catch (error) {
      last = error; // not listening yet, or still recovering from a crash
    }
  }
  return `it did not become ready: ${reasonOf(last)}`;
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // the query rejects, too
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function fatalLines(log: string): string {
  const lines = log.split('\n').filter((line) => /FATAL|PANIC|could not|error/i.test(line));
  return lines.slice(-3).join(' ') || log.trim().split('\n').at(-1) || 'it said nothing';
}

function startFailed(problem: string, logFile: string): RevsyncError {
  return new RevsyncError(`PostgreSQL did not start: ${problem}`, {
    code: 'POSTGRES_START_FAILED',
    fate: 'fix-input',
    remedy: `Mend what the message says (more in ${logFile}), or set DATABASE_URL to a PostgreSQL 16 or later.`,
  });
}

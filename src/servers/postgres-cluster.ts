import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { RevsyncError } from '../domain/errors.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { PostgresUser } from './postgres-user.ts';
import { type Report, tookSince } from './report.ts';
import { runProgram } from './run-program.ts';

/** A cluster that exists, and the password of its superuser `postgres`. */
export interface Cluster {
  readonly dataDir: string;
  readonly password: string;
}

/** Text sorts by code point and letters have their Unicode case, on every machine alike. */
const LOCALE = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
const ACCESS = ['--username=postgres', '--auth=scram-sha-256'];
const PATIENCE = 300_000;

/**
 * Opens the cluster in `home`/postgres, and makes it the first time. It appears there complete or not at all.
 *
 * @throws RevsyncError `POSTGRES_INITDB_FAILED` (fix-input), `STATE_FOLDER_UNUSABLE` (fix-input)
 */
export async function openCluster(
  home: string,
  { initdb }: PostgresBinaries,
  user: PostgresUser,
  report: Report,
): Promise<Cluster> {
  const dataDir = join(home, 'postgres');
  const passwordFile = join(home, 'postgres-password');
  if (await exists(join(dataDir, 'PG_VERSION')))
    return { dataDir, password: await readPassword(passwordFile) };

  const start = performance.now();
  const scratch = `${dataDir}.new`;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { mode: 0o700 });
  const password = randomBytes(24).toString('hex');
  const passwordForInitdb = `${passwordFile}.new`;
  await writePrivately(passwordForInitdb, password);
  if (user !== null) {
    await chown(scratch, user.uid, user.gid);
    await chown(passwordForInitdb, user.uid, user.gid);
  }

  const flags = [`--pgdata=${scratch}`, `--pwfile=${passwordForInitdb}`, ...ACCESS, ...LOCALE];
  const made = await runProgram(initdb, flags, {
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    cwd: scratch,
    timeLimit: PATIENCE,
    ...(user !== null && { user }),
  });
  await rm(passwordForInitdb, { force: true });
  if (!made.ok) throw initdbFailed(dataDir, made.reason);
  await writePrivately(passwordFile, password);
  await rename(scratch, dataDir);
  report(`PostgreSQL: made a cluster in ${dataDir} (${tookSince(start)})`);
  return { dataDir, password };
}

async function writePrivately(file: string, text: string): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, `${text}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
}

async function readPassword(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RevsyncError(`The password of the embedded PostgreSQL cannot be read from ${file}.`, {
      code: 'STATE_FOLDER_UNUSABLE',
      fate: 'fix-input',
      remedy: 'Restore that file, or remove the folder postgres beside it to start with an empty database.',
      cause,
    });
  });
  return text.trim();
}

function initdbFailed(dataDir: string, reason: string): RevsyncError {
  return new RevsyncError(`PostgreSQL could not make a cluster in ${dataDir}: ${reason}.`, {
    code: 'POSTGRES_INITDB_FAILED',
    fate: 'fix-input',
    remedy: 'Mend what the message says, or set DATABASE_URL to a PostgreSQL 16 or later.',
  });
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

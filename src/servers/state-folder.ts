import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { RevsyncError } from '../domain/errors.ts';
import { isRoot, othersCanEnter } from './enterable.ts';
import { type Environment, type Report, setting } from './report.ts';
import { whyNotWritable } from './writable-folder.ts';

/** Where this installation keeps what it runs; both paths are absolute and the folders exist. */
export interface StateFolder {
  /** Database, logs, records of what runs. */
  readonly dir: string;
  /** What was downloaded or built; shared by all state folders of a project. */
  readonly cacheDir: string;
}

/** Used as root when the project lies where PostgreSQL's own user cannot enter. */
export const SYSTEM_STATE = '/var/lib/revsync';

/**
 * Finds and creates the state folder, and makes sure by writing a file that it can be written to.
 *
 * `REVSYNC_STATE_DIR` names it, else it is `.revsync` in the project. `REVSYNC_CACHE_DIR` moves the cache,
 * for machines that share one between projects.
 *
 * @throws RevsyncError `STATE_FOLDER_UNUSABLE` (fix-input)
 */
export async function openStateFolder({
  env,
  projectRoot,
  report,
}: {
  env: Environment;
  projectRoot: string;
  report: Report;
}): Promise<StateFolder> {
  const choice = {
    given: setting(env, 'REVSYNC_STATE_DIR'),
    projectRoot,
    root: isRoot(),
    enterable: await othersCanEnter(projectRoot),
  };
  const dir = chooseStateFolder(choice);
  await makeWritable(dir, choice.given !== null);
  if (choice.given === null && choice.root && !choice.enterable) {
    report(`State folder: ${dir}, because PostgreSQL's own user cannot enter ${projectRoot}.`);
  }

  const cacheDir = chooseCacheFolder({ ...choice, cache: setting(env, 'REVSYNC_CACHE_DIR') });
  return { dir, cacheDir: (await whyNotWritable(cacheDir)) === null ? cacheDir : await cacheWithin(dir) };
}

export interface StateFolderChoice {
  /** `REVSYNC_STATE_DIR`, or null. */
  readonly given: string | null;
  readonly projectRoot: string;
  readonly root: boolean;
  /** Other users may enter the project's folder. */
  readonly enterable: boolean;
}

/** The rule alone: what is given, else the project's own folder unless root would lock PostgreSQL out of it. */
export function chooseStateFolder({ given, projectRoot, root, enterable }: StateFolderChoice): string {
  if (given !== null) return resolve(given);
  if (root && !enterable) return join(SYSTEM_STATE, shortHash(resolve(projectRoot)));
  return join(resolve(projectRoot), '.revsync');
}

/** The cache belongs to the project, not to a state folder: a second state folder builds nothing again. */
export function chooseCacheFolder(choice: StateFolderChoice & { readonly cache: string | null }): string {
  if (choice.cache !== null) return resolve(choice.cache);
  if (choice.root && !choice.enterable) return join(SYSTEM_STATE, 'cache');
  return join(resolve(choice.projectRoot), '.revsync', 'cache');
}

/** Twelve hex digits that stand for a path in the name of a folder. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

async function makeWritable(dir: string, given: boolean): Promise<void> {
  const problem = await whyNotWritable(dir);
  if (problem === null) return;
  throw new RevsyncError(`The state folder ${dir} cannot be used: ${problem}.`, {
    code: 'STATE_FOLDER_UNUSABLE',
    fate: 'fix-input',
    remedy: given
      ? 'Set REVSYNC_STATE_DIR to a folder that this user can create and write to.'
      : 'Make it writable for this user, or set REVSYNC_STATE_DIR to a folder that is.',
    context: { folder: dir },
  });
}

async function cacheWithin(dir: string): Promise<string> {
  const cacheDir = join(dir, 'cache');
  await mkdir(cacheDir, { recursive: true });
  return cacheDir;
}

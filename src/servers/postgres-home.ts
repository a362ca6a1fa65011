import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { RevsyncError } from '../domain/errors.ts';
import { isRoot, othersCanEnter } from './enterable.ts';
import type { Report } from './report.ts';
import { type StateFolder, SYSTEM_STATE } from './state-folder.ts';
import { whyNotWritable } from './writable-folder.ts';

/**
 * The folder that holds the cluster: the state folder, unless root was given one that PostgreSQL's own user
 * cannot enter. Then the cluster lies elsewhere and a file in the state folder says where, so that removing
 * the state folder still means a fresh start.
 */
export async function postgresHome(state: StateFolder, report: Report): Promise<string> {
  if (!isRoot() || (await othersCanEnter(state.dir))) return state.dir;

  const pointer = join(state.dir, 'postgres-home');
  const known = await readFile(pointer, 'utf8').catch(() => null);
  const home = known?.trim() || join(SYSTEM_STATE, randomBytes(6).toString('hex'));
  const problem = await whyNotWritable(home);
  if (problem !== null) throw unusable(state.dir, home, problem);
  if (known === null) await writeFile(pointer, `${home}\n`);
  report(`PostgreSQL: its data are in ${home}, because its own user cannot enter ${state.dir}.`);
  return home;
}

function unusable(stateDir: string, home: string, problem: string): RevsyncError {
  return new RevsyncError(
    `PostgreSQL's own user can enter neither ${stateDir} nor, in its place, ${home}: ${problem}.`,
    {
      code: 'STATE_FOLDER_UNUSABLE',
      fate: 'fix-input',
      remedy: 'Set REVSYNC_STATE_DIR to a folder that other users can enter, or set DATABASE_URL.',
    },
  );
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { commandLine, endProcess, identify, type ProcessIdentity, type Signals } from './process-identity.ts';
import type { Report } from './report.ts';

/** Fast shutdown, immediate shutdown, the end. */
export const POSTGRES_SIGNALS: Signals = [
  ['SIGINT', 30_000],
  ['SIGQUIT', 10_000],
  ['SIGKILL', 5_000],
];

/** A number that no process can have. */
const NOBODY = '2147483646';

/**
 * Ends the PostgreSQL that a revsync which was killed left on this data directory, and makes sure that its
 * postmaster.pid is no obstacle.
 */
export async function endLeftBehindPostmaster(dataDir: string, report: Report): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return;

  const [number = '', ...rest] = text.split('\n');
  const postmaster = postmasterOf(dataDir, Number(number));
  if (postmaster !== null) {
    report(`PostgreSQL: ending process ${postmaster.pid}, left behind by a revsync that was killed ...`);
    await endProcess(postmaster, POSTGRES_SIGNALS);
  } else if (hasOwner(Number(number))) {
    // The number belongs to another process now, or to remains that nobody reaps. PostgreSQL would refuse
    // to start; without the file it would not look for backends that survived the postmaster.
    await writeFile(file, [NOBODY, ...rest].join('\n'));
  }
}

/** The process of that number, provided that it is a postmaster on this data directory. */
function postmasterOf(dataDir: string, pid: number): ProcessIdentity | null {
  const found = identify(pid);
  return found !== null && commandLine(pid).includes(`-D ${dataDir} `) ? found : null;
}

function hasOwner(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

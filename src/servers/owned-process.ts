import { writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';

import { z } from 'zod';

import { RevsyncError } from '../domain/errors.ts';
import {
  endProcess,
  isRunning,
  type ProcessIdentity,
  type Signals,
  thisProcess,
} from './process-identity.ts';
import type { Report } from './report.ts';

export const Identity = z.object({ pid: z.number(), startTime: z.string() });
const Owned = z.object({ process: Identity, owner: Identity });

/** Writes down at once, hence synchronously, that this process started that one. */
export function recordOwned(file: string, process: ProcessIdentity): void {
  writeFileSync(file, JSON.stringify({ process, owner: thisProcess() }), { mode: 0o600 });
}

/**
 * Ends the recorded process if it outlived a revsync that was killed.
 *
 * @param what for the report: `PostgreSQL`
 * @throws RevsyncError `STATE_FOLDER_IN_USE` (fix-input) when its owner lives: two servers on the same files
 *   would destroy them
 */
export async function endLeftBehind(
  file: string,
  { what, signals, report }: { what: string; signals: Signals; report: Report },
): Promise<void> {
  const owned = await readOwned(file);
  if (owned !== null && isRunning(owned.process)) {
    const { process: left, owner } = owned;
    if (owner.pid !== process.pid && isRunning(owner)) throw inUse(what, owner.pid);
    report(`${what}: ending process ${left.pid}, left behind by a revsync that was killed ...`);
    await endProcess(left, signals);
  }
  await rm(file, { force: true });
}

async function readOwned(file: string): Promise<z.infer<typeof Owned> | null> {
  try {
    return Owned.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null; // none was started, or a crash cut its record short
  }
}

function inUse(what: string, pid: number): RevsyncError {
  return new RevsyncError(`${what} of this state folder already runs for process ${pid}.`, {
    code: 'STATE_FOLDER_IN_USE',
    fate: 'fix-input',
    remedy: 'Wait until that process has ended, or set REVSYNC_STATE_DIR to another folder.',
    context: { pid },
  });
}

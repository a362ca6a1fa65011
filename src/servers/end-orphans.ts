import { POSTGRES_SIGNALS } from './left-behind-postmaster.ts';
import { endProcess, isRunning, type Signals } from './process-identity.ts';
import type { Report } from './report.ts';
import { readServerRecord, removeServerRecord } from './server-record.ts';
import type { StateFolder } from './state-folder.ts';

const ORDINARY: Signals = [
  ['SIGTERM', 15_000],
  ['SIGKILL', 5_000],
];

/**
 * Ends what a revsync that was killed left running in this state folder, last started first, each only
 * when its number and its start time are those on record. To be called by the holder of the lock.
 */
export async function endOrphans(state: StateFolder, report: Report): Promise<void> {
  const record = await readServerRecord(state);
  if (record === null || isRunning(record.owner)) return;
  for (const orphan of record.processes.toReversed()) {
    if (!isRunning(orphan)) continue;
    report(`Ending ${orphan.kind}, process ${orphan.pid}, left behind by process ${record.owner.pid} ...`);
    await endProcess(orphan, orphan.kind === 'postgres' ? POSTGRES_SIGNALS : ORDINARY);
  }
  removeServerRecord(state);
}

import { identify } from '../../src/servers/process-identity.ts';
import { readServerRecord } from '../../src/servers/server-record.ts';
import { type Terminal, until } from '../support/command-line.ts';

/** The process of that kind in the record of what runs; a new one after each restart. */
export async function processOf(terminal: Terminal, kind: string): Promise<number> {
  const record = await readServerRecord({ dir: terminal.stateDir, cacheDir: '' });
  const found = record?.processes.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} is recorded`);
  return found.pid;
}

/** Ends a process as nothing can prepare for, and waits until it is gone. */
export async function killNine(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await until(`process ${pid} is gone`, async () => identify(pid) === null);
}

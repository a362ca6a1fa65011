import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

export interface AnotherProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The next line it prints. */
  line(): Promise<string>;
  /** Its exit code, or the signal that ended it. */
  ended(): Promise<number | string | null>;
}

/**
 * Runs a module's text in a process of its own, killed at the end of the test at the latest. There,
 * `load('lock')` imports a module of src/servers, and `args` are what was passed.
 */
export function inAnotherProcess(code: string, args: readonly string[] = []): AnotherProcess {
  const text = `
    const load = (name) => import(${JSON.stringify(`file://${ROOT}/src/servers/`)} + name + '.ts');
    const args = process.argv.slice(1);
    ${code}`;
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', text, '--', ...args],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit').then(
    ([exitCode, signal]: unknown[]) => (exitCode ?? signal) as number | string,
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    child,
    pid: child.pid ?? 0,
    line: async () => String((await lines.next()).value),
    ended: () => ended,
  };
}

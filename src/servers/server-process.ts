import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { endProcess, identify, type ProcessIdentity, type Signals } from './process-identity.ts';

export interface ServerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly user: { readonly uid: number; readonly gid: number } | null;
  /** Both output streams go to its end. */
  readonly logFile: string;
  /** How it is ended; the first signal is also sent when this process ends without having done that. */
  readonly signals: Signals;
  /** Called before anything else happens to this process, so that a crash of ours leaves it findable. */
  readonly onSpawn?: (identity: ProcessIdentity) => void;
}

/** A server that runs in a process group of its own: Ctrl-C in the terminal does not reach it. */
export interface ServerProcess extends ProcessIdentity {
  /** Settles when it has ended, whoever ended it; never rejects. */
  readonly exited: Promise<void>;
  /** What it has written to its log since it started. */
  logged(): Promise<string>;
  stop(): Promise<void>;
}

const LOG_LIMIT = 32 * 1024 * 1024;
const living = new Map<number, NodeJS.Signals>();

/** Starts a server; what it says goes to its log. Rejects when it cannot be started at all. */
export async function startServerProcess(command: ServerCommand): Promise<ServerProcess> {
  const { file, args, env, cwd, user, logFile, signals, onSpawn } = command;
  await mkdir(dirname(logFile), { recursive: true });
  const from = await logStart(logFile);
  const log = await open(logFile, 'a', 0o600);
  const stdio: ['ignore', number, number] = ['ignore', log.fd, log.fd];
  const child = spawn(file, args, { env, cwd, stdio, detached: true, ...user });
  const identity = child.pid === undefined ? null : identify(child.pid);
  if (identity !== null) {
    onSpawn?.(identity);
    endWithUs(identity.pid, signals[0]?.[0] ?? 'SIGTERM');
  }
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  void exited.then(() => forget(child.pid));
  try {
    if (child.pid === undefined) await once(child, 'spawn');
  } finally {
    await log.close();
  }
  child.unref();

  const { pid, startTime } = identity ?? { pid: child.pid ?? 0, startTime: 'ended at once' };
  return {
    pid,
    startTime,
    exited,
    logged: async () => (await readFile(logFile)).subarray(from).toString(),
    stop: async () => {
      child.ref(); // or a process with nothing else to do would end here
      if (await endProcess({ pid, startTime }, signals)) await exited;
    },
  };
}

/** Where the new log begins; an old one that has grown large is put aside. */
async function logStart(logFile: string): Promise<number> {
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size < LOG_LIMIT) return size;
  await rename(logFile, `${logFile}.old`);
  return 0;
}

/** The last resort for a process that ends without `stop`: nothing asynchronous happens any more then. */
function endWithUs(pid: number, signal: NodeJS.Signals): void {
  if (living.size === 0) process.on('exit', endAll);
  living.set(pid, signal);
}

function forget(pid: number | undefined): void {
  if (pid !== undefined) living.delete(pid);
  if (living.size === 0) process.off('exit', endAll);
}

function endAll(): void {
  for (const [pid, signal] of living) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended in between.
    }
  }
}

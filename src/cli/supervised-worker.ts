import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

import { RevsyncError } from '../domain/errors.ts';
import type { Report } from '../servers/report.ts';

const RESTARTS_A_MINUTE = 5;
/** A worker takes up to 40 s: 30 for its activities, the rest for what it has open. In milliseconds. */
const PATIENCE = 45_000;

/** What a worker tells whoever started it, once it works. */
export interface WorkerReady {
  /** Where its metrics are; null: nowhere. */
  readonly metrics: string | null;
}

export interface SupervisedWorker {
  readonly pid: number;
  readonly metrics: string | null;
  stop(): Promise<void>;
}

/**
 * A worker as a process of its own, so that it can die and come back without taking anything along. When it
 * ends by itself it is started again, and `onStart` learns the new pid and where its metrics are now; it ends with this process.
 */
export async function startSupervisedWorker(options: {
  readonly env: Readonly<Record<string, string>>;
  readonly report: Report;
  readonly onStart: (pid: number, metrics: string | null) => void;
}): Promise<SupervisedWorker> {
  const { report, onStart } = options;
  const starts: number[] = [];
  let stopping = false;
  let started = false;
  let child: ChildProcess;
  let metrics: string | null = null;

  const start = async (): Promise<void> => {
    starts.push(Date.now());
    // Without --json, so that what keeps it from starting is said on standard error.
    child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', 'worker'], {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // Not in the terminal's group: Ctrl-C is ours to pass on, in order.
      detached: true,
    });
    child.once('exit', (code, signal) => void restart(code, signal));
    ({ metrics } = await ready(child));
    onStart(child.pid ?? 0, metrics);
  };

  const restart = async (code: number | null, signal: string | null): Promise<void> => {
    // One that cannot start at all has said why: that is what the caller fails with.
    if (stopping || !started) return;
    const recent = starts.filter((time) => Date.now() - time < 60_000).length;
    if (recent > RESTARTS_A_MINUTE)
      return report('The worker keeps ending; it is not started again. See the lines above.');
    report(`The worker ended (${signal ?? code}); starting it again ...`);
    await wait(500);
    if (!stopping) await start().catch((error: unknown) => report(String(error)));
  };

  await start();
  started = true;
  return {
    get pid() {
      return child.pid ?? 0;
    },
    get metrics() {
      return metrics;
    },
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
      await ended;
      clearTimeout(late);
    },
  };
}

function ready(child: ChildProcess): Promise<WorkerReady> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as WorkerReady));
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(
        new RevsyncError(`The worker did not start (${signal ?? code}).`, {
          code: 'WORKER_NOT_STARTED',
          fate: 'retry',
          remedy: 'Read the lines above it, correct the cause and start again.',
        }),
      ),
    );
  });
}

import { spawn } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

import { reasonOf } from '../domain/errors.ts';
import type { Environment } from './report.ts';

export interface ProgramOptions {
  readonly env: Environment;
  readonly cwd?: string;
  /** Whom to run it as; only root may say so. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Milliseconds after which it is ended together with what it started. */
  readonly timeLimit: number;
  /** A figure that changes as long as it gets on; each change starts the time limit again. */
  readonly progress?: () => Promise<number>;
}

export interface ProgramResult {
  /** It ended by itself with exit code 0. */
  readonly ok: boolean;
  /** Both of its output streams, trimmed; the newest 64 KiB. */
  readonly output: string;
  /** Why it is not ok: `exit code 1: ...`, `nothing happened for 60 s`, `spawn ENOENT`; empty when ok. */
  readonly reason: string;
}

const OUTPUT_LIMIT = 64 * 1024;

/** Runs a program to its end. Never throws: what went wrong is in the result. */
export function runProgram(
  file: string,
  args: readonly string[],
  { env, cwd, user, timeLimit, progress }: ProgramOptions,
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...(cwd !== undefined && { cwd }),
      ...user,
    });
    let output = '';
    const collect = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-OUTPUT_LIMIT));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);

    const end = (): void => endGroup(child.pid);
    process.once('exit', end);
    const timer = limitTime(timeLimit, progress, end);
    const finish = (failure: string): void => {
      timer.stop();
      process.off('exit', end);
      const reason = timer.ranOut() ? `nothing happened for ${Math.round(timeLimit / 1000)} s` : failure;
      resolve({ ok: reason === '', output: output.trim(), reason });
    };
    child.on('error', (error) => finish(reasonOf(error)));
    child.on('close', (code, signal) => {
      if (code === 0) return finish('');
      const how = code === null ? `ended by ${signal}` : `exit code ${code}`;
      finish([how, lastLine(output)].filter(Boolean).join(': '));
    });
  });
}

/** Looks a program up in the PATH of `env`; null when no folder there has it. */
export async function findOnPath(name: string, env: Environment): Promise<string | null> {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, name);
    if (isAbsolute(folder) && (await isExecutable(file))) return file;
  }
  return null;
}

export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

function limitTime(limit: number, progress: ProgramOptions['progress'], end: () => void) {
  let ranOut = false;
  let figure = 0;
  let timer = setTimeout(check, limit);
  function check(): void {
    const asked = progress?.().catch(() => figure) ?? Promise.resolve(figure);
    void asked.then((now) => {
      ranOut = now === figure;
      figure = now;
      if (ranOut) end();
      else timer = setTimeout(check, limit);
    });
  }
  return { stop: () => clearTimeout(timer), ranOut: () => ranOut };
}

/** Ends the child and its children, which share a group because the child was started as its leader. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
}

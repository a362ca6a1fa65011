import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** One process, told apart from a later one that got the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal texts mean the same process. */
  readonly startTime: string;
}

/** What to send, and how many milliseconds to wait for the end before the next one. */
export type Signals = readonly (readonly [signal: NodeJS.Signals, patience: number])[];

const QUIET: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];

/** The process that runs this code. */
export function thisProcess(): ProcessIdentity {
  return identify(process.pid) ?? { pid: process.pid, startTime: 'unknown' };
}

/** Who has this number now; null when nobody has, or when only its unreaped remains do. */
export function identify(pid: number): ProcessIdentity | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  const startTime = process.platform === 'linux' ? startTimeFromProc(pid) : startTimeFromPs(pid);
  return startTime === null ? null : { pid, startTime };
}

export function isRunning(process: ProcessIdentity): boolean {
  return identify(process.pid)?.startTime === process.startTime;
}

/**
 * Ends a process with the gentlest signal that works, and waits until it is gone. Before every signal it
 * makes sure that the number still belongs to that process. Returns false if it outlived them all.
 */
export async function endProcess(target: ProcessIdentity, signals: Signals): Promise<boolean> {
  for (const [signal, patience] of signals) {
    if (!isRunning(target)) return true;
    sendSignal(target.pid, signal);
    if (await isGoneWithin(target, patience)) return true;
  }
  return !isRunning(target);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between, or it is not ours to end: the wait that follows tells which.
  }
}

async function isGoneWithin(target: ProcessIdentity, patience: number): Promise<boolean> {
  for (const deadline = Date.now() + patience; Date.now() < deadline; await sleep(25)) {
    if (!isRunning(target)) return true;
  }
  return !isRunning(target);
}

/** What the process was started with, its words separated by spaces; empty when that cannot be seen. */
export function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: QUIET });
  } catch {
    return '';
  }
}

/** Ticks since boot and the boot itself: field 22 of /proc/PID/stat, counted behind the name in brackets. */
function startTimeFromProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    if (state === 'Z' || state === 'X') return null;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${fields[19]}`;
  } catch {
    return null;
  }
}

function startTimeFromPs(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: QUIET,
    });
    const [state = '', ...started] = line.trim().split(/\s+/);
    return state === '' || state.startsWith('Z') ? null : started.join(' ');
  } catch {
    return null;
  }
}

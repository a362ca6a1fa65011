import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect, test } from 'vitest';

import {
  commandLine,
  endProcess,
  identify,
  isRunning,
  thisProcess,
} from '../../src/servers/process-identity.ts';

const STUBBORN = `process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1000);`;

test('knows a process from a later one with the same number', () => {
  expect(isRunning(thisProcess())).toBe(true);
  expect(isRunning({ ...thisProcess(), startTime: 'earlier' })).toBe(false);
  expect(identify(999_999_999)).toBeNull();
  expect(commandLine(process.pid)).toContain('node');
});

test('goes on to the next signal when a process ignores the first', async () => {
  const child = spawn(process.execPath, ['-e', STUBBORN], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const identity = identify(child.pid ?? 0);
  if (identity === null) throw new Error('the child is not there');

  expect(await endProcess(identity, [['SIGTERM', 100]])).toBe(false);
  expect(await endProcess(identity, [['SIGTERM', 100], ['SIGKILL', 5_000]])).toBe(true); // prettier-ignore
  expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGKILL');
});

test('sends nothing to a process that only has the number', async () => {
  const child = spawn(process.execPath, ['-e', STUBBORN], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');

  expect(await endProcess({ pid: child.pid ?? 0, startTime: 'earlier' }, [['SIGKILL', 1_000]])).toBe(true);
  expect(identify(child.pid ?? 0)).not.toBeNull();
  child.kill('SIGKILL');
});

import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { inAnotherProcess } from './in-another-process.ts';

const SERVE = `
  const { stopOnSignals } = await load('stop-on-signals');
  const stop = async () => {
    console.log('stopping');
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (args[0] === 'fail') throw new Error('no');
    console.log('stopped');
  };
  stopOnSignals(stop, { report: () => {}, ...(args[0] === 'up' && { exitCode: () => 0 }) });
  console.log('ready');
  setInterval(() => {}, 1000);`;

async function running(kind: string) {
  const server = inAnotherProcess(SERVE, [kind]);
  expect(await server.line()).toBe('ready');
  return server;
}

test.each([
  ['SIGINT', 'command', 130],
  ['SIGTERM', 'command', 143],
  ['SIGHUP', 'command', 129],
  ['SIGINT', 'up', 0],
  ['SIGTERM', 'fail', 1],
] as const)('%s stops everything and ends with its code (%s: %i)', async (signal, kind, code) => {
  const server = await running(kind);
  server.child.kill(signal);
  expect(await server.line()).toBe('stopping');
  expect(await server.ended()).toBe(code);
});

test('a second and a third Ctrl-C do not disturb the shutdown', async () => {
  const server = await running('command');
  server.child.kill('SIGINT');
  expect(await server.line()).toBe('stopping');
  for (let more = 0; more < 2; more += 1) {
    await sleep(30);
    server.child.kill('SIGINT');
  }
  expect(await server.line()).toBe('stopped');
  expect(await server.ended()).toBe(130);
});

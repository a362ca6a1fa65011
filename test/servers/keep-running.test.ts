import { expect, test } from 'vitest';

import { keepRunning } from '../../src/servers/keep-running.ts';

/** Servers that end when told to, by `stop` or by the test. */
function fakeServers() {
  const started: { pid: number; end: () => void; exited: Promise<void>; stop: () => Promise<void> }[] = [];
  const start = async () => {
    const { promise: exited, resolve: end } = promiseWithResolvers();
    const server = { pid: started.length + 1, end, exited, stop: async () => end() };
    started.push(server);
    return server;
  };
  return { started, start };
}

function promiseWithResolvers() {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

const turns = () => new Promise((resolve) => setTimeout(resolve, 5));

test('starts a server again when it ended by itself, and not when it was stopped', async () => {
  const { started, start } = fakeServers();
  const seen: number[] = [];
  const lines: string[] = [];
  const { stop } = await keepRunning({
    what: 'Temporal',
    start,
    started: ({ pid }) => seen.push(pid),
    report: (line) => lines.push(line),
  });
  started[0]?.end();
  await turns();
  expect(seen).toEqual([1, 2]);
  expect(lines).toEqual(['Temporal: process 1 ended unexpectedly; starting it again ...']);

  await stop();
  expect(started).toHaveLength(2);
});

test('gives up on a server that ends time after time', async () => {
  const { started, start } = fakeServers();
  const lines: string[] = [];
  const { stop } = await keepRunning({
    what: 'Temporal',
    start,
    started: () => {},
    report: (line) => lines.push(line),
  });
  for (let end = 0; end < 10; end += 1) {
    started.at(-1)?.end();
    await turns();
  }
  expect(started).toHaveLength(6);
  expect(lines.at(-1)).toBe('Temporal: it ended 6 times within a minute; it stays down.');
  await stop();
});

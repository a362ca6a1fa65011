import { once } from 'node:events';
import { createServer } from 'node:net';

import { expect, test } from 'vitest';

import { freePort, freePorts, isListening, requireFreePort } from '../../src/servers/ports.ts';

test('finds different ports that can be had', async () => {
  const ports = await freePorts(5);
  expect(new Set(ports).size).toBe(5);
  const [first = 0] = ports;
  await expect(requireFreePort(first, 'The sandbox')).resolves.toBe(first);
});

test('names the port that is taken, and what to do', async () => {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  expect(await isListening(port)).toBe(true);

  await expect(requireFreePort(port, 'The sandbox')).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    fate: 'fix-input',
    message: `The sandbox cannot listen on port ${port}: another program listens there.`,
    remedy: expect.stringContaining('give another one'),
  });
  server.close();
  await once(server, 'close');
  expect(await isListening(port)).toBe(false);
});

test('refuses a number that is no port', async () => {
  await expect(requireFreePort(70_000, 'The sandbox')).rejects.toMatchObject({ code: 'PORT_UNUSABLE' });
});
